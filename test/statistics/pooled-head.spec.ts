import { describe, expect, it } from '@jest/globals';
import { fitHead, grown, type HeadBelief, learnOne } from '../../src/learning/online/fit-head.js';
import { type HeadKeys, HeadLayout, priors } from '../../src/learning/online/head-layout.js';
import { type HeadRow, HeadRows } from '../../src/learning/online/head-rows.js';
import { gaussian, type Rng, seededRng } from '../../src/shared/index.js';

const ACCOUNT = 6;
const CROSSES = 4;
const channels = ['email', 'call', 'visit'];
const topics = ['dosing', 'efficacy', 'trials', 'training'];
const chance = (logit: number) => 1 / (1 + Math.exp(-logit));
const dense = (values: readonly number[]) => ({
  places: Int32Array.from(values, (_, place) => place),
  values: Float64Array.from(values),
});
const layoutOf = () =>
  new HeadLayout({ account: ACCOUNT, accountInputs: ACCOUNT - 1, crosses: CROSSES }, priors.rules);

function keysAt(index: number): HeadKeys {
  const topic = topics[index % topics.length] as string;
  const channel = channels[index % channels.length] as string;
  return {
    actionId: `about-${topic}` as HeadKeys['actionId'],
    channelId: channel as HeadKeys['channelId'],
    productId: null,
    topics: [topic],
    intent: 'content',
  };
}

interface Answered extends HeadRow {
  /** Without: no answer, which counts as none. */
  label?: 0 | 1;
}

function rowsOf(answers: readonly Answered[]): HeadRows {
  const rows = new HeadRows();
  for (const [place, answer] of answers.entries()) {
    const index = rows.add(`${place}`, answer, 0);
    rows.label[index] = answer.label ?? 0;
    rows.fullWeight[index] = 1;
    rows.weight[index] = 1;
  }
  return rows;
}

const linear = (weights: Float64Array, row: HeadRow): number => rowsOf([row]).dot(weights, 0);

/** A suggestion of anything to an account of any kind, not yet answered. */
function rowOf(rng: Rng, layout: HeadLayout, index = Math.floor(rng.next() * 12)): HeadRow {
  const account = dense([1, ...Array.from({ length: ACCOUNT - 1 }, () => gaussian(rng))]);
  const crosses = dense(Array.from({ length: CROSSES }, () => Math.abs(gaussian(rng))));
  const logit = -2 + 0.5 * gaussian(rng);
  return { logit, account, crosses, blocks: layout.blocksOf(keysAt(index)) };
}

function answered(rng: Rng, row: HeadRow, truth: Float64Array): Answered {
  return { ...row, label: rng.next() < chance(row.logit + linear(truth, row)) ? 1 : 0 };
}

/** The truth that the prior expects. */
function drawTruth(rng: Rng, layout: HeadLayout): Float64Array {
  for (let index = 0; index < 12; index += 1) layout.blocksOf(keysAt(index));
  return Float64Array.from({ length: layout.size }, (_, place) => layout.deviation(place) * gaussian(rng));
}

function fitted(answers: readonly Answered[], layout: HeadLayout, steps = 6): HeadBelief {
  const belief = grown(null, layout);
  for (
    const fitting = fitHead(belief, rowsOf(answers), layout, { steps, directions: 12 });
    !fitting.next().done;
  );
  return belief;
}

const lossOf = (rng: Rng, layout: HeadLayout, truth: Float64Array, believed: Float64Array): number => {
  let loss = 0;
  const draws = 600;
  for (let count = 0; count < draws; count += 1) {
    const row = rowOf(rng, layout);
    const p = chance(row.logit + linear(truth, row));
    const q = chance(row.logit + linear(believed, row));
    loss -= p * Math.log(q) + (1 - p) * Math.log(1 - q);
  }
  return loss / draws;
};

describe('the head between trainings, on planted data', () => {
  it('finds what a channel and a topic add to within half a logit in 3,000 outcomes', () => {
    const rng = seededRng('planted');
    const layout = layoutOf();
    const truth = new Float64Array(drawTruth(rng, layout).length);
    const of = (name: string) => layout.names.indexOf(name);
    expect(of('channel:visit')).toBeGreaterThan(0);
    const visit = layout.blocksOf(keysAt(2)).account;
    const about = (weights: Float64Array, index: number) =>
      [...layout.blocksOf(keysAt(index)).account, ...layout.blocksOf(keysAt(index)).single].reduce(
        (sum, start) => sum + (weights[start] as number),
        0,
      );
    truth[visit[1] as number] = 1;
    truth[layout.blocksOf(keysAt(1)).account[3] as number] = -0.8;
    const rows = Array.from({ length: 3000 }, () => answered(rng, rowOf(rng, layout), truth));
    const { mean } = fitted(rows, layout);
    for (let index = 0; index < 12; index += 1)
      expect(Math.abs(about(mean, index) - about(truth, index))).toBeLessThan(0.5);
  });

  it('adds nothing without evidence, and makes the rules better however few outcomes there are', () => {
    const rng = seededRng('better');
    expect([...fitted([], layoutOf()).mean]).toEqual([]);
    for (const [trials, least] of [
      [30, 0.002],
      [200, 0.02],
      [1000, 0.05],
    ] as const) {
      const gains = Array.from({ length: 8 }, () => {
        const layout = layoutOf();
        const truth = drawTruth(rng, layout);
        const rows = Array.from({ length: trials }, () => answered(rng, rowOf(rng, layout), truth));
        const { mean } = fitted(rows, layout);
        const none = new Float64Array(layout.size);
        return (
          lossOf(seededRng('judge'), layout, truth, none) - lossOf(seededRng('judge'), layout, truth, mean)
        );
      });
      expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(least);
    }
  });

  it('lets actions learn from each other: one that was never tried begins where its topic and channel are', () => {
    const rng = seededRng('newcomer');
    const layout = layoutOf();
    drawTruth(rng, layout);
    const truth = new Float64Array(layout.size);
    truth[layout.blocksOf(keysAt(0)).account[1] as number] = 1.2;
    const tried = [0, 3, 6, 1, 2, 4, 5];
    const rows = Array.from({ length: 2000 }, (_, count) =>
      answered(rng, rowOf(rng, layout, tried[count % tried.length]), truth),
    );
    const { mean } = fitted(rows, layout);
    // about training by e-mail: never tried, while other e-mails were
    const unseen = {
      ...rowOf(rng, layout, 9),
      account: dense([1, 0, 0, 0, 0, 0]),
      crosses: dense([0, 0, 0, 0]),
    };
    expect(linear(mean, unseen)).toBeGreaterThan(0.6);
    expect(linear(mean, unseen)).toBeLessThan(1.8);
  });

  it('moves at once by small steps, also where forty inputs say the same, and not past the truth', () => {
    const rng = seededRng('steps');
    const alike = 41;
    const layout = new HeadLayout(
      { account: alike, accountInputs: alike - 1, crosses: CROSSES },
      priors.rules,
    );
    const visit = layout.blocksOf(keysAt(2)).account[1] as number;
    const rows = Array.from({ length: 1500 }, () => {
      const row = rowOf(rng, layout);
      const same = gaussian(rng);
      return { ...row, account: dense([1, ...Array.from({ length: alike - 1 }, () => same)]) };
    });
    const truth = new Float64Array(layout.size);
    truth[visit] = 1;
    const stepwise = grown(null, layout);
    const answers = rows.map((row) => answered(rng, row, truth));
    const taught = rowsOf(answers);
    for (let index = 0; index < taught.count; index += 1)
      learnOne(stepwise, taught, index, { label: 0, weight: 0 });
    const error = (weights: Float64Array) =>
      rows.reduce((sum, row) => sum + (linear(weights, row) - linear(truth, row)) ** 2, 0) / rows.length;
    expect(error(stepwise.mean)).toBeLessThan(0.5 * error(new Float64Array(layout.size)));
  });

  it('learns how wide each group of weights is: inputs that say nothing no longer disturb those that do', () => {
    const rng = seededRng('widths');
    const widths = { telling: 0, idle: 0 };
    const gains = Array.from({ length: 6 }, () => {
      const layout = layoutOf();
      const truth = drawTruth(rng, layout).fill(0);
      // of all inputs only the second does anything, on each channel and topic another thing
      const blocks = Array.from({ length: 12 }, (_, index) => layout.blocksOf(keysAt(index)).account);
      for (const [, channel, , topic] of blocks)
        for (const start of [channel, topic]) truth[(start as number) + 2] = gaussian(rng);
      const rows = Array.from({ length: 2500 }, () => answered(rng, rowOf(rng, layout), truth));
      const declared = fitted(rows, layout);
      layout.learnWidths(declared);
      const learned = fitted(rows, layout);
      for (const start of blocks[0] ?? []) {
        widths.telling += layout.deviation(start + 2) ** 2;
        widths.idle += layout.deviation(start + 3) ** 2;
      }
      const loss = ({ mean }: HeadBelief) => lossOf(seededRng('judge'), layout, truth, mean);
      return loss(declared) - loss(learned);
    });
    expect(widths.telling).toBeGreaterThan(2 * widths.idle);
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0.001);
  });

  it('is as uncertain as before about what was never seen, and less about what was', () => {
    const rng = seededRng('width');
    const layout = layoutOf();
    drawTruth(rng, layout);
    const rows = Array.from({ length: 500 }, () => rowOf(rng, layout, 3 * Math.floor(rng.next() * 3)));
    const { spread } = fitted(rows, layout);
    const [, email] = layout.blocksOf(keysAt(0)).account;
    const [, visit] = layout.blocksOf(keysAt(2)).account;
    expect(spread[visit as number]).toBeCloseTo(priors.rules.key ** 2, 6);
    expect(spread[email as number]).toBeLessThan(0.8 * priors.rules.key ** 2);
  });

  it('finds what weekdays and parts of the day do on a channel, and leaves other channels alone', () => {
    const rng = seededRng('hours');
    const layout = layoutOf();
    const weekend = (hour: number) => hour >= 5 * 24;
    const evening = (hour: number) => hour % 24 >= 18;
    const rows = Array.from({ length: 6000 }, () => {
      const index = Math.floor(rng.next() * 12);
      const { channelId } = keysAt(index);
      const hour = 24 * Math.floor(7 * rng.next()) + 8 + Math.floor(12 * rng.next());
      const effect = channelId === 'visit' ? (weekend(hour) ? -1.5 : 0.2) + (evening(hour) ? 0.8 : 0) : 0;
      const row = { ...rowOf(rng, layout, index), hours: layout.hoursOf(channelId, hour) };
      const label: 0 | 1 = rng.next() < chance(row.logit + effect) ? 1 : 0;
      return { ...row, label };
    });
    const { mean } = fitted(rows, layout);
    const added = (channelId: string, hour: number) =>
      layout.knownHoursOf(channelId, hour).reduce((sum, place) => sum + (mean[place] as number), 0);
    const [tuesdayMorning, tuesdayEvening, sundayMorning] = [24 + 9, 24 + 18, 6 * 24 + 9];
    expect(added('visit', sundayMorning) - added('visit', tuesdayMorning)).toBeLessThan(-0.9);
    expect(added('visit', tuesdayEvening) - added('visit', tuesdayMorning)).toBeGreaterThan(0.3);
    expect(Math.abs(added('email', sundayMorning) - added('email', tuesdayMorning))).toBeLessThan(0.35);
    expect(layout.knownHoursOf('letter', 9)).toEqual([]);
  });
});
