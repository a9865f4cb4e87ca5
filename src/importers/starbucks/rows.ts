import type { JsonObject } from '../../shared/index.js';
import { BadRow } from '../failure.js';
import { choiceField, dayField, idField, numberField, wholeField } from '../fields.js';

/** A row of portfolio.ndjson. */
export interface Offer {
  offerId: string;
  kind: 'bogo' | 'discount' | 'informational';
  /** Paid to who completes it. */
  reward: number;
  /** Must be spent to complete it. */
  difficulty: number;
  durationDays: number;
  channels: string[];
}

/** A row of profile.ndjson. Age 118 stands for "not told" in the file and is left out. */
export interface Profile {
  personId: string;
  age: number | null;
  gender: 'F' | 'M' | 'O' | null;
  income: number | null;
  memberSince: string;
}

/** A row of transcript.ndjson, at its line. */
export type Entry = { line: number; hour: number } & (
  | { kind: 'received' | 'viewed' | 'completed'; offerId: string; reward: number }
  | { kind: 'transaction'; amount: number }
);

export const AGE_NOT_TOLD = 118;

export function readOffer(row: JsonObject): Offer {
  const channels = row['channels'];
  if (!Array.isArray(channels) || channels.length === 0)
    throw new BadRow('"channels" must be a list of names');
  return {
    offerId: idField('id', row['id']),
    kind: choiceField('offer_type', row['offer_type'], ['bogo', 'discount', 'informational']),
    reward: numberField('reward', row['reward']),
    difficulty: numberField('difficulty', row['difficulty']),
    durationDays: numberField('duration', row['duration']),
    channels: channels.map((channel) => choiceField('channels', channel, starbucksChannels)),
  };
}

/** The channels of the data set, from the one that reaches furthest to the one that every offer uses. */
export const starbucksChannels = ['social', 'mobile', 'web', 'email'] as const;

export function readProfile(row: JsonObject): Profile {
  const age = wholeField('age', row['age'], 0);
  return {
    personId: idField('id', row['id']),
    age: age === AGE_NOT_TOLD ? null : age,
    gender: row['gender'] === null ? null : choiceField('gender', row['gender'], ['F', 'M', 'O']),
    income: row['income'] === null ? null : numberField('income', row['income']),
    memberSince: dayField('became_member_on', row['became_member_on']),
  };
}

const kinds = {
  'offer received': 'received',
  'offer viewed': 'viewed',
  'offer completed': 'completed',
  transaction: 'transaction',
} as const;
const kindNames = Object.keys(kinds) as (keyof typeof kinds)[];

export function readEntry(row: JsonObject, line: number): { personId: string; entry: Entry } {
  const personId = idField('person', row['person']);
  const hour = wholeField('time', row['time'], 0);
  const kind = kinds[choiceField('event', row['event'], kindNames)];
  const value = row['value'];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BadRow('"value" must be an object');
  }
  if (kind === 'transaction') {
    return { personId, entry: { line, hour, kind, amount: numberField('value.amount', value['amount']) } };
  }
  const offerId = idField('value.offer id', value['offer id'] ?? value['offer_id']);
  const reward = kind === 'completed' ? numberField('value.reward', value['reward']) : 0;
  return { personId, entry: { line, hour, kind, offerId, reward } };
}
