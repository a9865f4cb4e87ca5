import { Logger, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { AccessModule } from '../access/index.js';
import { AlertsModule } from '../alerts/index.js';
import { CatalogueModule } from '../catalogue/index.js';
import { CONFIG, type Config } from '../config.js';
import { ConsentModule } from '../consent/index.js';
import { ContactPolicyModule } from '../contact-policy/index.js';
import { DeliveryModule } from '../delivery/index.js';
import { EventsModule } from '../events/index.js';
import { FeaturesModule } from '../features/index.js';
import { LearningModule } from '../learning/index.js';
import { RecommenderModule } from '../recommender/index.js';
import { RescoringModule } from '../rescoring/index.js';
import { Clock } from '../shared/index.js';
import { SuggestionsModule } from '../suggestions/index.js';
import { WorkflowsModule } from '../workflows/index.js';
import { accessControllers } from './access/index.js';
import { catalogueControllers, CatalogueResource } from './catalogue/index.js';
import { ConsentController } from './consent/consent.controller.js';
import { ContactRulesController } from './contact-rules/contact-rules.controller.js';
import { CallCounter, OwnCallCounter } from './events/call-counter.js';
import { RedisCallCounter } from './events/call-counter.redis.js';
import { EventsController } from './events/events.controller.js';
import { IngestGate } from './events/ingest-gate.js';
import { TimelineController } from './events/timeline.controller.js';
import { experimentControllers } from './experiments/index.js';
import { DoublesController } from './doubles/doubles.controller.js';
import { FeatureDefinitionsController } from './features/feature-definitions.controller.js';
import { FeaturesController } from './features/features.controller.js';
import { InsightsController } from './insights/insights.controller.js';
import { HttpModule } from './http/http.module.js';
import { importProviders, ImportsController } from './imports/index.js';
import { IncrementalController } from './models/incremental.controller.js';
import { ModelsController } from './models/models.controller.js';
import { ShadowController } from './models/shadow.controller.js';
import { DatabaseHealth } from './operations/database-health.js';
import { PostgresDatabaseHealth } from './operations/database-health.postgres.js';
import { HealthController } from './operations/health.controller.js';
import { MetricsController } from './operations/metrics.controller.js';
import { DigestOffController } from './digests/digest-off.controller.js';
import { DigestSettingController } from './digests/digest-setting.controller.js';
import { PushController } from './push/push.controller.js';
import { preferenceControllers } from './preferences/index.js';
import { OutcomesController } from './outcomes/outcomes.controller.js';
import { RecommendationsController } from './recommendations/recommendations.controller.js';
import { RescoringController } from './rescoring/rescoring.controller.js';
import { StreamController } from './stream/index.js';
import { SuggestionsController } from './suggestions/suggestions.controller.js';
import { webhookControllers } from './webhooks/index.js';
import { SegmentController } from './segment/index.js';
import { TasksController } from './tasks/tasks.controller.js';
import { VisitsController } from './visits/visits.controller.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { TriggerRulesController } from './trigger-rules/trigger-rules.controller.js';
import { TouchesController } from './touches/touches.controller.js';
import { UnsubscribeController } from './touches/unsubscribe.controller.js';

const log = new Logger('limits');

/** HTTP only: one controller a resource, listed here. */
@Module({
  imports: [
    AccessModule,
    AlertsModule,
    CatalogueModule,
    ConsentModule,
    ContactPolicyModule,
    DeliveryModule,
    EventsModule,
    FeaturesModule,
    LearningModule,
    RecommenderModule,
    RescoringModule,
    SuggestionsModule,
    WorkflowsModule,
    HttpModule.forRoot(),
    TerminusModule.forRoot({ logger: false }),
  ],
  providers: [
    CatalogueResource,
    ...importProviders,
    IngestGate,
    {
      provide: CallCounter,
      inject: [CONFIG, Clock],
      useFactory: ({ redisUrl }: Config, clock: Clock): CallCounter => {
        const own = new OwnCallCounter(clock);
        if (redisUrl === null) return own;
        return new RedisCallCounter(redisUrl, own, (cause) =>
          log.warn(`the ingestion limit: ${String(cause)}`),
        );
      },
    },
    {
      provide: DatabaseHealth,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresDatabaseHealth(database),
    },
  ],
  controllers: [
    ...catalogueControllers,
    EventsController,
    TimelineController,
    SegmentController,
    ImportsController,
    ConsentController,
    ContactRulesController,
    ...accessControllers,
    ...experimentControllers,
    DoublesController,
    FeaturesController,
    FeatureDefinitionsController,
    HealthController,
    IncrementalController,
    InsightsController,
    MetricsController,
    ModelsController,
    ShadowController,
    OutcomesController,
    RecommendationsController,
    RescoringController,
    StreamController,
    SuggestionsController,
    TasksController,
    VisitsController,
    TouchesController,
    UnsubscribeController,
    ...preferenceControllers,
    PushController,
    DigestSettingController,
    DigestOffController,
    ...webhookControllers,
    AlertsController,
    TriggerRulesController,
  ],
})
export class ApiModule {}
