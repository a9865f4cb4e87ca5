import { ArrayNotEmpty } from 'class-validator';
import { LONGEST_HOURS, MOST_COUNT } from '../../alerts/index.js';
import { roles } from '../../catalogue/index.js';
import {
  ChoiceField,
  IdField,
  NestedField,
  NumberField,
  ObjectField,
  TextField,
  TextListField,
  TimeField,
} from '../http/fields.js';

const HOURS = { min: 0.01, max: LONGEST_HOURS } as const;
const MAX_EXPRESSION = 4000;
const MAX_MESSAGE = 1000;
const NAME = { min: 1, max: 200 } as const;

/** What an event must be. */
export class EventConditionBody {
  @TextField({ ...NAME, description: 'Name of the event.', example: 'Page Viewed' })
  event!: string;

  @TextField({
    optional: true,
    min: 1,
    max: MAX_EXPRESSION,
    description: 'CEL over event (name, properties, occurredAt), account, contact and features.',
    example: 'event.properties.topic == "side-effects"',
  })
  where?: string;
}

export class UnlessBody extends EventConditionBody {
  @NumberField({ ...HOURS, description: 'Hours before the event, or after it where `looks` is ahead.' })
  withinHours!: number;

  @ChoiceField(['back', 'ahead'], {
    optional: true,
    description:
      'back (when left out): not if such an event came before. ahead: judged after these hours, and only if none came.',
  })
  looks?: 'back' | 'ahead';
}

export class WordingBody {
  @TextField({
    min: 1,
    max: MAX_MESSAGE,
    description:
      'English, with placeholders such as {contact}, {topic} and {count, plural, one {once} other {# times}}.',
  })
  en!: string;

  @TextField({ optional: true, min: 1, max: MAX_MESSAGE, description: 'Persian; English when left out.' })
  fa?: string;
}

export class RecallBody {
  @ArrayNotEmpty({ message: 'must name at least one' })
  @TextListField({ max: 20, description: 'Events that are told with the alert.' })
  events!: string[];

  @NumberField({ ...HOURS, description: 'Hours before the event.' })
  withinHours!: number;
}

export class TriggerContextBody {
  @IdField({ optional: true, description: 'The next step is decided for this channel only.' })
  channel?: string;

  @TextField({ ...NAME, optional: true, description: 'Else the topic that the event names.' })
  topic?: string;

  @IdField({ optional: true, description: 'Else the product that the event names.' })
  productId?: string;

  @TextField({
    optional: true,
    min: 1,
    max: 500,
    description: 'What the customer wants now, with placeholders.',
    example: 'asked about {topic}',
  })
  need?: string;
}

export class TriggerRuleBody {
  @NestedField(() => EventConditionBody)
  when!: EventConditionBody;

  @NumberField({
    optional: true,
    whole: true,
    min: 1,
    max: MOST_COUNT,
    default: 1,
    description: 'Events needed.',
  })
  count: number = 1;

  @NumberField({ ...HOURS, optional: true, default: 24, description: 'Hours within which they must come.' })
  withinHours: number = 24;

  @NestedField(() => UnlessBody, { optional: true })
  unless?: UnlessBody;

  @NumberField({
    optional: true,
    min: 0,
    max: LONGEST_HOURS,
    default: 24,
    description: 'An event that comes later than this after it happened does not fire.',
  })
  maxLatenessHours: number = 24;

  @NumberField({
    optional: true,
    min: 0,
    max: 100,
    default: 50,
    description: 'From 90 on an alert neither waits for the morning nor is joined to another.',
  })
  priority: number = 50;

  @NumberField({
    optional: true,
    min: 0,
    max: LONGEST_HOURS,
    default: 24,
    description: 'Hours of silence for the same contact after it fired.',
  })
  cooldownHours: number = 24;

  @NumberField({
    ...HOURS,
    optional: true,
    default: 24,
    description: 'Hours for which the alert is worth acting on.',
  })
  validHours: number = 24;

  @NestedField(() => WordingBody, { optional: true })
  title?: WordingBody;

  @NestedField(() => WordingBody)
  message!: WordingBody;

  @ChoiceField(roles, { description: "Members of the account's team in this role are told." })
  role!: string;

  @ChoiceField(['contact', 'account'], {
    optional: true,
    description: 'For whom events are counted; contact when left out.',
  })
  per?: string;

  @ObjectField({
    optional: true,
    description: 'Who is told instead, by the placeId of the event: { "branch-1": ["memberId"] }.',
  })
  places?: Record<string, string[]>;

  @NestedField(() => RecallBody, { optional: true })
  recall?: RecallBody;

  @NestedField(() => TriggerContextBody, { optional: true })
  context?: TriggerContextBody;

  @NumberField({
    optional: true,
    min: 0.1,
    max: LONGEST_HOURS * 60,
    description: 'Unseen for so long, the alert goes to the deputy too.',
  })
  escalateAfterMinutes?: number;
}

export class TriggerDryRunBody {
  @TimeField({ description: 'Start of the period.' })
  from!: Date;

  @TimeField({ description: 'End of the period.' })
  to!: Date;
}
