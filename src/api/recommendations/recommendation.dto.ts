import type { AccountId, ChannelId, ContactId, ProductId } from '../../catalogue/index.js';
import { DEFAULT_PLACES } from '../../workflows/index.js';
import {
  BooleanField,
  IdField,
  IdListField,
  NestedField,
  NumberField,
  TextField,
  TimeField,
} from '../http/fields.js';

export const MOST_PLACES = 50;
export const MOST_ACCOUNTS = 500;

/** The moment in which the question is asked. */
export class ContextBody {
  @IdField({
    optional: true,
    description: 'The channel on which the customer is now: no other is suggested.',
  })
  channel?: ChannelId;

  @TextField({ optional: true, min: 1, max: 200, description: 'A topic that the moment is about.' })
  topic?: string;

  @IdField({ optional: true, description: 'A product that the moment is about.' })
  productId?: ProductId;

  @TextField({
    optional: true,
    min: 1,
    max: 500,
    description: 'What the customer wants now, in words or as a topic. It outranks background.',
    example: 'asked about dosage',
  })
  need?: string;
}

export class RecommendationBody {
  @IdField()
  accountId!: AccountId;

  @IdField({ optional: true, nullable: true, description: 'Only suggestions for this contact.' })
  contactId?: ContactId | null;

  @TimeField({ optional: true, description: 'Decide as of this time. Only with dryRun.' })
  at?: Date;

  @NumberField({
    optional: true,
    whole: true,
    min: 1,
    max: MOST_PLACES,
    default: DEFAULT_PLACES,
    description: 'Places to fill.',
  })
  limit: number = DEFAULT_PLACES;

  @NestedField(() => ContextBody, { optional: true })
  context: ContextBody = new ContextBody();

  @BooleanField({
    optional: true,
    default: false,
    description: 'Also answer every candidate, with its priority or the rule that refused it.',
  })
  explain: boolean = false;

  @BooleanField({ optional: true, default: false, description: 'Decide and store nothing.' })
  dryRun: boolean = false;

  @BooleanField({
    optional: true,
    default: false,
    description: 'Decide afresh even when nothing has changed.',
  })
  fresh: boolean = false;
}

export class RecommendationBatchBody {
  @IdListField({ max: MOST_ACCOUNTS })
  accountIds!: AccountId[];

  @NumberField({
    optional: true,
    whole: true,
    min: 1,
    max: MOST_PLACES,
    default: DEFAULT_PLACES,
    description: 'Places to fill for each account.',
  })
  limit: number = DEFAULT_PLACES;
}

export class WhyNotQuery {
  @IdField()
  actionId!: string;

  @IdField({ optional: true, description: 'Left out: any channel of the action.' })
  channelId?: string;

  @IdField({ optional: true, description: 'Left out: any contact of the account.' })
  contactId?: ContactId;
}
