import {
  effectsOf,
  learnUplift,
  matchedValue,
  personalArms,
  type PolicyRows,
  type RandomisedRows,
  resampled,
  standardUplift,
  type UpliftModel,
} from '../../src/learning/index.js';
import { digest, seededRng } from '../../src/shared/index.js';
import { type Findings, measured, published } from './figures.js';
import type { Installation } from './installation.js';
import { featureNames, FIRST_TEST_WAVE, readSends, type Send, type Sends } from './starbucks-sends.js';

/** Every offer was equally likely. */
const CHANCE = 0.1;
/**
 * One send in a hundred is followed by hundreds: amounts above this share of the training sends are cut, in learning
 * only.
 */
const CUT_ABOVE = 0.99;

/** Which offer to send to whom: the doubly robust learner over ten offers, against the best single offer. */
export async function measureStarbucksPolicy({ config }: Installation): Promise<Findings> {
  const read = readSends(config.dataDir);
  const sent = read.sends.filter(({ offer }) => offer >= 0);
  const train = Int32Array.from(sent.flatMap(({ wave }, row) => (wave < FIRST_TEST_WAVE ? [row] : [])));
  const test = Int32Array.from(sent.flatMap(({ wave }, row) => (wave >= FIRST_TEST_WAVE ? [row] : [])));
  const best = bestOffer(sent, train, read.offers.length);
  const data = randomisedRows(read, sent, train, best);
  const { model, assignment } = learnUplift(data, train, standardUplift);
  const { expected } = effectsOf(model, data);
  const base = {
    rows: test,
    arm: data.arm,
    outcome: Float64Array.from(sent, ({ net }) => net),
    chance: new Float64Array(sent.length).fill(CHANCE),
  };
  const personal: PolicyRows = { ...base, chosen: personalArms(expected, data.arms.length, model.chosen.personal) };
  const single: PolicyRows = { ...base, chosen: new Int32Array(sent.length) };
  const [own, difference] = intervals(sent, personal, single);
  const silent = read.sends.filter(({ offer, wave }) => offer < 0 && wave >= FIRST_TEST_WAVE);
  return {
    importing: {},
    split: { trainWaves: 'hours 0 to 408', testWaves: 'hours 504 and 576', sends: { train: train.length, test: test.length } },
    training: { settings: digest(standardUplift).slice(0, 16), assignment: assignment.kind, personal: model.chosen.personal, weights: model.chosen.weights },
    figures: [
      {
        what: 'net spend per send',
        ours: matchedValue(personal),
        better: 'higher',
        on: test.length,
        interval: { low: own?.low ?? null, high: own?.high ?? null },
        references: [
          {
            ...measured(`best single offer (${data.arms[0]})`, matchedValue(single)),
            difference: { low: difference?.low ?? null, high: difference?.high ?? null },
          },
          measured('uniform', meanNet(Array.from(test, (row) => sent[row] as Send))),
          measured('nobody sent', meanNet(silent)),
          published('best single offer chosen on train', 26.26),
          published('T-learner by boosting', 25.4),
        ],
      },
    ],
    rescoring: null,
    notes: notesOf(data, personal, model),
  };
}

function notesOf({ arms }: RandomisedRows, { rows, chosen }: PolicyRows, { candidates }: UpliftModel): string[] {
  const shares = arms.map((name, arm) => {
    const count = rows.reduce((sum, row) => sum + (chosen[row] === arm ? 1 : 0), 0);
    return `${name} ${((100 * count) / rows.length).toFixed(1)} %`;
  });
  return [
    `What the policy sends: ${shares.join(', ')}.`,
    `${candidates.length} candidates were listened to; the effect of an offer is that against the best single one, so that where little is known the best single one is sent.`,
    `Amounts above the ${CUT_ABOVE} quantile of the training sends are cut in learning; the figures are on what was spent.`,
    'Features are known before the hour of sending. Intervals come from resampling persons.',
    'The window has both ends, for transactions as well: with these the reference figures come out exactly.',
  ];
}

function bestOffer(sent: readonly Send[], train: Int32Array, offers: number): number {
  const sums = new Float64Array(offers);
  const counts = new Float64Array(offers);
  for (const row of train) {
    const { offer, net } = sent[row] as Send;
    sums[offer] = (sums[offer] as number) + net;
    counts[offer] = (counts[offer] as number) + 1;
  }
  const means = sums.map((sum, offer) => sum / (counts[offer] as number));
  return means.indexOf(Math.max(...means));
}

/** The best single offer stands first: effects are drawn towards what it does. */
function randomisedRows({ offers }: Sends, sent: readonly Send[], train: Int32Array, best: number): RandomisedRows {
  const order = [best, ...offers.flatMap((_, place) => (place === best ? [] : [place]))];
  const nets = Float64Array.from(train, (row) => sent[row]?.net ?? NaN).sort();
  const cut = nets[Math.floor(CUT_ABOVE * nets.length)] ?? Infinity;
  const genders = ['F', 'M', 'O'];
  return {
    rows: sent.length,
    arms: order.map((place) => {
      const offer = offers[place];
      return `${offer?.kind} ${offer?.reward} in ${offer?.duration} days`;
    }),
    arm: Int32Array.from(sent, ({ offer }) => order.indexOf(offer)),
    outcome: Float64Array.from(sent, ({ net }) => Math.min(cut, net)),
    numbers: featureNames.map((name, place) => ({
      name,
      values: Float64Array.from(sent, ({ features }) => features[place] ?? NaN),
    })),
    categories: [
      { name: 'gender', values: genders, codes: Int32Array.from(sent, ({ gender }) => genders.indexOf(gender)) },
    ],
  };
}

/** Value of the policy, and its difference from the other's, with intervals. */
function intervals(sent: readonly Send[], one: PolicyRows, other: PolicyRows) {
  const width = 4;
  const places = new Map<number, number>();
  for (const row of one.rows) {
    const { person } = sent[row] as Send;
    if (!places.has(person)) places.set(person, places.size);
  }
  const sums = new Float64Array(places.size * width);
  for (const row of one.rows) {
    const from = (places.get((sent[row] as Send).person) ?? 0) * width;
    [one, other].forEach(({ arm, chosen, outcome }, policy) => {
      if (arm[row] !== chosen[row]) return;
      sums[from + 2 * policy] = (sums[from + 2 * policy] as number) + (outcome[row] as number);
      sums[from + 2 * policy + 1] = (sums[from + 2 * policy + 1] as number) + 1;
    });
  }
  const mean = (totals: Float64Array, policy: number) => (totals[2 * policy] as number) / (totals[2 * policy + 1] as number);
  return resampled(
    { width, sums },
    [(totals) => mean(totals, 0), (totals) => mean(totals, 0) - mean(totals, 1)],
    seededRng('starbucks-policy'),
  );
}

function meanNet(sends: readonly Send[]): number {
  return sends.reduce((sum, { net }) => sum + net, 0) / sends.length;
}
