import type { ChannelId, ProductId } from '../catalogue/index.js';
import type { ConsentStatement } from '../consent/index.js';
import { addDays, integerBelow, pick, type Rng } from '../shared/index.js';
import { medicines } from './offering.js';

/** Consent as people really leave it: given, taken back, half done, narrowed, lapsed. */
type Habit = (told: Told) => ConsentStatement[];

interface Told {
  /** Before the history begins. */
  early: Date;
  /** Somewhere within the history. */
  later: Date;
  /** The last day of the history. */
  today: Date;
  medicine: string;
}

type Covered = Pick<ConsentStatement, 'channelId' | 'purpose'>;
const emailMarketing: Covered = { channelId: 'email' as ChannelId, purpose: 'marketing' };
const emailAll: Covered = { channelId: 'email' as ChannelId, purpose: '*' };
const everything: Covered = { channelId: '*', purpose: '*' };
const visits: Covered = { channelId: 'visit' as ChannelId, purpose: '*' };

function state(
  status: ConsentStatement['status'],
  covered: Covered,
  effectiveAt: Date,
  more: Partial<ConsentStatement> = {},
): ConsentStatement {
  return { ...covered, status, source: 'contact', effectiveAt, ...more };
}

const WORDING = 'Yes, send me news about medicines by e-mail.';
const MONTH = 30;

const emailHabits: readonly (readonly [share: number, habit: Habit])[] = [
  [0.34, ({ early }) => [state('granted', emailMarketing, early, { wording: WORDING })]],
  [0.3, ({ early }) => [state('granted', emailAll, early, { wording: WORDING })]],
  [0.06, ({ later }) => [state('pending', emailMarketing, later)]],
  [
    0.07,
    ({ early, later }) => [
      state('granted', emailMarketing, early),
      state('withdrawn', emailMarketing, later, { source: 'link' }),
    ],
  ],
  [
    0.04,
    ({ early, later, medicine }) => [
      state('granted', emailAll, early),
      state('withdrawn', emailMarketing, later, { productId: medicine as ProductId, source: 'member' }),
    ],
  ],
  [
    0.03,
    ({ early, today }) => [state('granted', emailMarketing, early, { expiresAt: addDays(today, -MONTH) })],
  ],
  [0.02, ({ early, later }) => [state('granted', emailAll, early), state('withdrawn', everything, later)]],
  [0.14, () => []],
];

const otherHabits: readonly (readonly [share: number, habit: Habit])[] = [
  [0.35, ({ early }) => [state('granted', { channelId: 'sms' as ChannelId, purpose: 'marketing' }, early)]],
  [0.1, ({ early }) => [state('granted', { channelId: 'sms' as ChannelId, purpose: '*' }, early)]],
  [
    0.04,
    ({ later }) => [state('withdrawn', visits, later, { source: 'member', wording: 'Please call instead.' })],
  ],
  [0.51, () => []],
];

/** What one doctor stated, by chance; `today` ends the history of `days` days. */
export function consentsOf(rng: Rng, today: Date, days: number): ConsentStatement[] {
  const told: Told = {
    early: addDays(today, -days - 1 - integerBelow(rng, 300)),
    later: addDays(today, -2 - integerBelow(rng, days - MONTH)),
    today,
    medicine: pick(rng, medicines).id,
  };
  return [...oneOf(rng, emailHabits)(told), ...oneOf(rng, otherHabits)(told)];
}

function oneOf(rng: Rng, habits: readonly (readonly [number, Habit])[]): Habit {
  let left = rng.next();
  for (const [share, habit] of habits) {
    left -= share;
    if (left < 0) return habit;
  }
  return () => [];
}

/** Dr. Jones allows e-mail, until she says otherwise. */
export function consentOfAdaJones(today: Date, days: number): ConsentStatement[] {
  return [state('granted', emailAll, addDays(today, -days - MONTH), { wording: WORDING })];
}
