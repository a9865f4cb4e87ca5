import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, Matches, ValidateIf } from 'class-validator';
import { channelKinds, purposes, roles, weekdays } from '../../catalogue/index.js';
import { restCauses, type RuleKind } from '../../contact-policy/index.js';
import { ChoiceField, IdField, NumberField, TextField, TextListField, TimeField } from '../http/fields.js';
import type { Json } from '../../shared/index.js';

const DAYS = { min: 1, max: 3660, whole: true, description: 'Whole days, 1 to 3660.' } as const;
const LOCAL_TIME = {
  pattern: /^([01]\d|2[0-3]):[0-5]\d$/,
  hint: 'must be a local time HH:MM from 00:00 to 23:59, such as 20:00',
};
const SOME = { message: 'must name at least one' };
const REST_DAY = new RegExp(`^(${weekdays.join('|')}|\\d{4}-\\d{2}-\\d{2})$`);

export class CapBody {
  @ChoiceField(['cap'])
  kind!: 'cap';

  @NumberField({ min: 1, max: 10_000, whole: true, description: 'Touches within the window.' })
  limit!: number;

  @NumberField(DAYS)
  days!: number;

  @ChoiceField(['contact', 'account'])
  per!: string;

  @IdField({ optional: true, description: 'Only touches on this channel count and are limited.' })
  channelId?: string;

  @ChoiceField(channelKinds, { optional: true, description: 'Only channels of this kind.' })
  channelKind?: string;

  @ChoiceField(purposes, { optional: true, description: 'Only touches for this purpose.' })
  purpose?: string;
}

export class CoolDownBody {
  @ChoiceField(['cool-down'])
  kind!: 'cool-down';

  @NumberField(DAYS)
  days!: number;

  @ChoiceField(restCauses, {
    description: 'A reason of dismissal, a suggestion that was carried out (completed), or a touch.',
  })
  after!: string;

  @ChoiceField(['action', 'product', 'channel'], { description: 'What rests.' })
  scope!: string;
}

export class QuietHoursBody {
  @ChoiceField(['quiet-hours'])
  kind!: 'quiet-hours';

  @IdField({ optional: true })
  channelId?: string;

  @ChoiceField(channelKinds, { optional: true })
  channelKind?: string;

  @TextField({ ...LOCAL_TIME, max: 5 })
  from!: string;

  @TextField({ ...LOCAL_TIME, max: 5 })
  to!: string;

  @ValidateIf((body: QuietHoursBody) => body.restDays !== 'country')
  @TextListField({ max: 400, description: '`country`, or a list of weekdays (fri) and dates (2026-12-24).' })
  @Matches(REST_DAY, {
    each: true,
    message: `must be "country", or a list of weekdays (${weekdays.join(', ')}) and dates such as 2026-12-24`,
  })
  restDays!: 'country' | string[];
}

export class ConversationHoldBody {
  @ChoiceField(['conversation-hold'])
  kind!: 'conversation-hold';

  @ArrayNotEmpty(SOME)
  @TextListField({ values: purposes, max: purposes.length, description: 'Purposes that are silent.' })
  silences!: string[];

  @ChoiceField(['conversation', 'complaint', 'visit-follow-up'])
  while!: string;

  @NumberField(DAYS)
  days!: number;

  @ChoiceField(['contact', 'account'], {
    optional: true,
    description: 'Whom it silences; account when left out.',
  })
  per?: string;
}

export class OfferLockBody {
  @ChoiceField(['offer-lock'])
  kind!: 'offer-lock';

  @NumberField({ ...DAYS, description: 'Days that a quote without an end of its own binds.' })
  days!: number;
}

export class BudgetBody {
  @ChoiceField(['budget'])
  kind!: 'budget';

  @ChoiceField(roles)
  role!: string;

  @NumberField({
    min: 0,
    max: 10_000,
    whole: true,
    description: 'Suggestions a day for each member of the role.',
  })
  perDay!: number;
}

export class ReachBody {
  @ChoiceField(['reach'])
  kind!: 'reach';

  @NumberField({
    min: 0.001,
    max: 1,
    description: 'Share of the accounts that a new action goes to at first.',
  })
  startShare!: number;

  @NumberField({
    min: 1,
    max: 1_000_000,
    whole: true,
    description: 'Touches with it after which it goes to all.',
  })
  fullAt!: number;

  @NumberField({
    min: 0,
    max: 1_000_000_000,
    whole: true,
    description: 'Touches that the log must have before anything counts as new.',
  })
  from!: number;
}

export class FirewallBody {
  @ChoiceField(['firewall'])
  kind!: 'firewall';

  @ArrayNotEmpty(SOME)
  @TextListField({ max: 1000 })
  topics!: string[];

  @ArrayNotEmpty(SOME)
  @TextListField({ values: roles, max: roles.length, description: 'Roles that may not see these topics.' })
  hideFrom!: string[];

  @ChoiceField(['everything', 'enquiries'], {
    optional: true,
    description:
      'Enquiries: only that a customer asked about the topics is hidden. Everything when left out.',
  })
  of?: string;
}

/** Every kind has its fields here; a kind left out does not compile. */
export const ruleBodies: { [Kind in RuleKind]: new () => { kind: Kind } } = {
  cap: CapBody,
  'cool-down': CoolDownBody,
  'quiet-hours': QuietHoursBody,
  'conversation-hold': ConversationHoldBody,
  'offer-lock': OfferLockBody,
  budget: BudgetBody,
  reach: ReachBody,
  firewall: FirewallBody,
};

/** Rules to try on a period that is over. */
export class DryRunBody {
  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'Rules as they would be put; `ruleId` is optional.',
  })
  @IsArray({ message: 'must be a list of rules' })
  @ArrayNotEmpty(SOME)
  @ArrayMaxSize(200, { message: 'must have at most 200 entries' })
  rules!: Json[];

  @TimeField({ description: 'Start of the period.' })
  from!: Date;

  @TimeField({ description: 'End of the period.' })
  to!: Date;
}
