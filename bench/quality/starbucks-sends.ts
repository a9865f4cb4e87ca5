import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Hours at which offers were assigned by chance; the last two are the test. */
export const WAVES = [0, 168, 336, 408, 504, 576] as const;
export const FIRST_TEST_WAVE = 504;
const WINDOW_HOURS = 120;
const WEEK_HOURS = 168;
const DAY_MS = 86_400_000;
/** Age where the profile is empty. */
const UNKNOWN_AGE = 118;
const FIRST_DAY = Date.UTC(2018, 6, 26);

export interface Offer {
  id: string;
  kind: 'bogo' | 'discount' | 'informational';
  reward: number;
  duration: number;
}

/** One person at one wave: what was known before, what was sent, and what was spent in the five days after. */
export interface Send {
  person: number;
  wave: number;
  /** Place in `offers`, −1: nothing was sent. */
  offer: number;
  /** Transactions in [t, t + 120 h] less rewards paid for this offer: with both ends, the reference's figures come out. */
  net: number;
  features: Float64Array;
  gender: string;
}

interface Profile {
  id: string;
  age: number;
  income: number | null;
  gender: string | null;
  became_member_on: string;
}

interface Happened {
  time: number;
  kind: 'received' | 'viewed' | 'completed' | 'spent';
  /** Place of the offer; amount spent. */
  what: number;
}

/** Rates, not counts: what grows with time would be larger in the test than it ever was in training. */
export const featureNames = [
  'age',
  'income',
  'tenureDays',
  'transactionsPerWeek',
  'spendPerWeek',
  'meanSpend',
  'largestSpend',
  'hoursSinceTransaction',
  'spendLastWeek',
  'transactionsLastWeek',
  'viewedShare',
  'completedShare',
  'bogoCompletedShare',
  'discountCompletedShare',
  'openOffers',
] as const;

export interface Sends {
  offers: Offer[];
  sends: Send[];
}

/** Every person at every wave, from the three files as they are. */
export function readSends(dataDir: string): Sends {
  const folder = join(dataDir, 'starbucks');
  const offers = lines<{ id: string; offer_type: Offer['kind']; reward: number; duration: number }>(
    join(folder, 'portfolio.ndjson.gz'),
  ).map(({ id, offer_type: kind, reward, duration }) => ({ id, kind, reward, duration }));
  const placeOf = new Map(offers.map(({ id }, place) => [id, place]));
  const profiles = lines<Profile>(join(folder, 'profile.ndjson.gz'));
  const persons = new Map(profiles.map(({ id }, person) => [id, person]));
  const happened: Happened[][] = profiles.map(() => []);
  const kinds = {
    'offer received': 'received',
    'offer viewed': 'viewed',
    'offer completed': 'completed',
    transaction: 'spent',
  } as const;
  for (const line of lines<{ person: string; event: keyof typeof kinds; value: Record<string, unknown>; time: number }>(
    join(folder, 'transcript.ndjson.gz'),
  )) {
    const kind = kinds[line.event];
    const offer = line.value['offer id'] ?? line.value['offer_id'];
    const what = kind === 'spent' ? Number(line.value['amount']) : (placeOf.get(String(offer)) ?? -1);
    happened[persons.get(line.person) ?? -1]?.push({ time: line.time, kind, what });
  }
  const sends = profiles.flatMap((profile, person) =>
    WAVES.map((wave) => sendAt(wave, person, profile, happened[person] ?? [], offers)),
  );
  return { offers, sends };
}

function lines<Line>(path: string): Line[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function sendAt(wave: number, person: number, profile: Profile, happened: readonly Happened[], offers: readonly Offer[]): Send {
  const offer = happened.find(({ kind, time }) => kind === 'received' && time === wave)?.what ?? -1;
  const reward = offers[offer]?.reward ?? 0;
  let net = 0;
  for (const { kind, time, what } of happened) {
    if (time > wave + WINDOW_HOURS) continue;
    if (kind === 'spent' && time >= wave) net += what;
    if (kind === 'completed' && what === offer && time >= wave) net -= reward;
  }
  const before = happened.filter(({ time }) => time < wave);
  return { person, wave, offer, net, features: featuresOf(wave, profile, before, offers), gender: profile.gender ?? '' };
}

function featuresOf(wave: number, profile: Profile, before: readonly Happened[], offers: readonly Offer[]): Float64Array {
  const of = (kind: Happened['kind']) => before.filter((one) => one.kind === kind);
  const spent = of('spent');
  const received = of('received');
  const completed = of('completed');
  const amount = spent.reduce((sum, { what }) => sum + what, 0);
  const lastWeek = spent.filter(({ time }) => time >= wave - WEEK_HOURS);
  const share = (top: number, bottom: number) => (bottom === 0 ? NaN : top / bottom);
  const ofKind = (kind: Offer['kind']) => {
    const is = ({ what }: Happened) => offers[what]?.kind === kind;
    return share(completed.filter(is).length, received.filter(is).length);
  };
  const joined = profile.became_member_on;
  const member = Date.UTC(Number(joined.slice(0, 4)), Number(joined.slice(4, 6)) - 1, Number(joined.slice(6, 8)));
  const open = received.filter(
    ({ time, what }) =>
      time + (offers[what]?.duration ?? 0) * 24 > wave &&
      !completed.some((one) => one.what === what && one.time >= time),
  );
  return Float64Array.of(
    profile.age === UNKNOWN_AGE ? NaN : profile.age,
    profile.income ?? NaN,
    (FIRST_DAY - member) / DAY_MS,
    share(spent.length, wave / WEEK_HOURS),
    share(amount, wave / WEEK_HOURS),
    share(amount, spent.length),
    spent.reduce((most, { what }) => Math.max(most, what), 0),
    spent.length === 0 ? NaN : wave - Math.max(...spent.map(({ time }) => time)),
    lastWeek.reduce((sum, { what }) => sum + what, 0),
    lastWeek.length,
    share(of('viewed').length, received.length),
    share(completed.length, received.length),
    ofKind('bogo'),
    ofKind('discount'),
    open.length,
  );
}
