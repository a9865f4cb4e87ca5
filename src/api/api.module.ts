import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { AlertsModule } from '../alerts/index.js';
import { CatalogueModule } from '../catalogue/index.js';
import { ConsentModule } from '../consent/index.js';
import { ContactPolicyModule } from '../contact-policy/index.js';
import { EventsModule } from '../events/index.js';
import { FeaturesModule } from '../features/index.js';
import { LearningModule } from '../learning/index.js';
import { RecommenderModule } from '../recommender/index.js';
import { RescoringModule } from '../rescoring/index.js';
import { SuggestionsModule } from '../suggestions/index.js';
import { WorkflowsModule } from '../workflows/index.js';

/** HTTP only: one controller a resource, listed here. */
@Module({
  imports: [
    AccessModule,
    AlertsModule,
    CatalogueModule,
    ConsentModule,
    ContactPolicyModule,
    EventsModule,
    FeaturesModule,
    LearningModule,
    RecommenderModule,
    RescoringModule,
    SuggestionsModule,
    WorkflowsModule,
  ],
  controllers: [],
})
export class ApiModule {}
