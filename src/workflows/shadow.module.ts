import { Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { type Config, CONFIG } from '../config.js';
import { FeatureSet, FeaturesModule } from '../features/index.js';
import { LearningModule, ModelRegistry, ShadowBook, ShadowLog } from '../learning/index.js';
import { Clock, Transactions } from '../shared/index.js';
import { assembled } from './assembled.js';
import { ShadowDecisions } from './shadow-decisions.js';
import { PrometheusShadowCounts } from './shadow-metrics.js';
import { ShadowModel } from './shadow-model.js';

const log = new Logger('shadow');

/** Models that decide beside the champion, unseen. */
@Module({
  imports: [AccessModule, FeaturesModule, LearningModule],
  providers: [
    {
      provide: ShadowDecisions,
      inject: [ShadowLog, ShadowBook, CONFIG],
      useFactory: (decided: ShadowLog, book: ShadowBook, { shadowShare, shadowNightlyShare }: Config) =>
        new ShadowDecisions({
          log: decided,
          book,
          counts: new PrometheusShadowCounts(),
          shares: { fresh: shadowShare, nightly: shadowNightlyShare },
          milliseconds: () => performance.now(),
          warn: (message) => log.warn(message),
        }),
    },
    assembled(ShadowModel, {
      transactions: Transactions,
      registry: ModelRegistry,
      shadows: ShadowBook,
      featureSet: FeatureSet,
      audit: AuditTrail,
      clock: Clock,
    }),
  ],
  exports: [ShadowDecisions, ShadowModel],
})
export class ShadowModule implements OnApplicationShutdown {
  constructor(private readonly decisions: ShadowDecisions) {}

  async onApplicationShutdown(): Promise<void> {
    await this.decisions.stop();
  }
}
