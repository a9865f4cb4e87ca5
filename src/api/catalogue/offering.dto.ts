import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import {
  type Channel,
  channelKinds,
  type Intent,
  intents,
  type Product,
  type Purpose,
  purposes,
  roles,
  type Stage,
  stages,
  type ValueSource,
  valueSources,
  type WeeklyHours,
} from '../../catalogue/index.js';
import {
  BooleanField,
  ChoiceField,
  IdField,
  IdListField,
  NumberField,
  ObjectField,
  TextField,
  TextListField,
  TimeField,
} from '../http/fields.js';

const EXPRESSION_MAX = 4000;

/** true, false, or {from}; the record parser says what is wrong with anything else. */
const AvailableField = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      oneOf: [
        { type: 'boolean' },
        { type: 'object', properties: { from: { type: 'string', format: 'date-time' } }, required: ['from'] },
      ],
      default: true,
      description: 'Whether it can be had, or from when.',
    }),
    Allow(),
  );

export class ProductBody {
  @TextField({ min: 1, max: 200 })
  name!: string;

  @NumberField({ min: 0, description: 'Per unit, in `currency`.' })
  price!: number;

  @NumberField({ description: 'Earned per unit, in `currency`.' })
  margin!: number;

  @TextField({
    optional: true,
    max: 3,
    example: 'EUR',
    description: 'ISO 4217; the configured one unless given.',
  })
  currency?: string;

  @TextListField({ optional: true, default: [] })
  topics?: string[];

  @AvailableField()
  available?: Product['available'];
}

export class ProductView extends ProductBody {
  @IdField()
  productId!: string;
}

export class ContentBody {
  @TextField({ min: 1, max: 500 })
  title!: string;

  @TextListField({ optional: true, default: [] })
  topics?: string[];

  @ChoiceField(stages, { optional: true, nullable: true, description: 'Stage of the path that it is for.' })
  stage?: Stage | null;

  @IdListField({ optional: true, default: [] })
  productIds?: string[];

  @TextField({ optional: true, nullable: true, example: 'https://example.org/dosage' })
  url?: string | null;
}

export class ContentView extends ContentBody {
  @IdField()
  contentId!: string;
}

export class ChannelBody {
  @TextField({ min: 1, max: 200 })
  name!: string;

  @ChoiceField(channelKinds)
  kind!: Channel['kind'];

  @ChoiceField([...roles, 'automatic'], { description: 'Who performs its touches.' })
  performedBy!: Channel['performedBy'];

  @NumberField({ optional: true, min: 0, default: 0, description: 'In the configured currency.' })
  costPerTouch?: number;

  @NumberField({
    optional: true,
    min: 0,
    max: 8760,
    default: 0,
    description: 'Hours from deciding to touching.',
  })
  leadTimeHours?: number;

  @ObjectField({
    optional: true,
    nullable: true,
    example: { mon: [['09:00', '17:00']] },
    description:
      'Windows by weekday in the local time of the contact; a day left out is closed, null is always open.',
  })
  hours?: WeeklyHours | null;

  @ChoiceField(['opt-in', 'opt-out'], {
    description: 'opt-in: needs a grant; opt-out: allowed until withdrawn.',
  })
  consent!: Channel['consent'];

  @NumberField({ optional: true, nullable: true, min: 0, whole: true })
  capacityPerDay?: number | null;
}

export class ChannelView extends ChannelBody {
  @IdField()
  channelId!: string;
}

export class OutcomeDefinitionBody {
  @TextField({ min: 1, max: 200, example: 'Order Completed', description: 'Name of the event.' })
  event!: string;

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: EXPRESSION_MAX,
    example: 'event.properties.value > 10.0',
    description: 'CEL over event: whether it counts.',
  })
  where?: string | null;

  @NumberField({ min: 0.001, max: 3650, description: 'Days after the suggestion in which it counts.' })
  withinDays!: number;

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: EXPRESSION_MAX,
    example: 'event.properties.value',
    description: 'CEL over event: its worth in the configured currency.',
  })
  value?: string | null;

  @BooleanField({
    optional: true,
    default: false,
    description: 'An engagement (opened, viewed, replied) is observed for every action.',
  })
  engagement?: boolean;
}

export class OutcomeDefinitionView extends OutcomeDefinitionBody {
  @IdField()
  outcomeId!: string;
}

export class ActionBody {
  @TextField({ min: 1, max: 200 })
  name!: string;

  @ChoiceField(intents)
  intent!: Intent;

  @ChoiceField(purposes)
  purpose!: Purpose;

  @IdListField({ optional: true, default: [] })
  productIds?: string[];

  @TextListField({ optional: true, default: [] })
  topics?: string[];

  @IdListField({ description: 'At least one.' })
  channelIds!: string[];

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: EXPRESSION_MAX,
    example: 'account.attributes.specialty == "cardiology" && features.daysSinceVisit > 14.0',
    description: 'CEL over account, contact, product, features, at: whether the action makes sense.',
  })
  eligibility?: string | null;

  @IdField({ description: 'What counts as its success.' })
  outcomeId!: string;

  @NumberField({
    optional: true,
    nullable: true,
    description: 'Worth of success; unless given the worth of the outcome, else the margin of the product.',
  })
  value?: number | null;

  @ChoiceField(valueSources, {
    optional: true,
    default: 'declared',
    description:
      'lifetime: where it is known, what a purchase now adds to the lifetime value of the account stands for value.',
  })
  valueFrom?: ValueSource;

  @NumberField({ optional: true, nullable: true, min: 0 })
  discount?: number | null;

  @NumberField({
    optional: true,
    min: 0,
    max: 1000,
    default: 1,
    description: 'Business weight; 1 is neutral.',
  })
  lever?: number;

  @BooleanField({ optional: true, default: false })
  mandatory?: boolean;

  @TimeField({ optional: true, nullable: true })
  validFrom?: Date | null;

  @TimeField({ optional: true, nullable: true })
  validUntil?: Date | null;
}

export class ActionView extends ActionBody {
  @IdField()
  actionId!: string;
}

export class TreatmentBody {
  @IdField()
  channelId!: string;

  @TextField({
    optional: true,
    nullable: true,
    example: 'en',
    description: 'Language tag; null fits everybody.',
  })
  locale?: string | null;

  @TextField({ min: 1, max: 500 })
  title!: string;

  @TextField({ min: 1, max: 20_000 })
  body!: string;

  @IdField({ optional: true, nullable: true })
  contentId?: string | null;
}

export class TreatmentView extends TreatmentBody {
  @IdField()
  actionId!: string;

  @IdField()
  treatmentId!: string;
}
