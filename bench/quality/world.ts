import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneRoot, withService } from '../../src/main.js';
import { ManualClock } from '../../src/shared/index.js';
import type { Findings } from './figures.js';
import type { Installation } from './installation.js';
import { type EngineView, loadWorld, type PeerName, type Score, type Sizes, worldFolder } from './world/market.js';
import { CoreInMarket } from './world/core.js';
import { SLOT_DAYS } from './world/declare.js';
import { curvesPicture } from './world/picture.js';
import type { Player } from './world/player.js';
import { ServiceInMarket } from './world/service.js';

const QUARTERS = [0, 1, 2, 3] as const;
/** Declared an hour before the first morning. */
const BEFORE = new Date('2026-01-05T06:00:00Z');

export interface WorldWanted extends Sizes {
  /** Peers to play beside; the oracle always is. */
  peers: readonly PeerName[];
  name: string;
  /** Without the service around it: what is measured then is no figure of the product, but quick to try. */
  core: boolean;
}

/** The service decides in the market with hidden truth, beside the market's own policies. */
export async function measureWorld(installation: Installation, wanted: WorldWanted): Promise<Findings> {
  const world = await loadWorld(worldFolder());
  const { market, view } = world.open(wanted);
  const started = process.cpuUsage();
  await live(installation, view, wanted);
  const spent = process.cpuUsage(started);
  const ours = market.score();
  say('oracle');
  const oracle = await world.play('oracle', wanted);
  const peers = new Map<PeerName, Score>();
  for (const name of wanted.peers) {
    say(name);
    peers.set(name, await world.play(name, wanted));
  }
  draw(wanted, ours, oracle, peers);
  return findingsOf(wanted, ours, oracle, peers, (spent.user + spent.system) / 1e6);
}

const say = (message: string): void => void process.stderr.write(`${message}\n`);

async function live(
  installation: Installation,
  view: EngineView,
  wanted: WorldWanted,
): Promise<void> {
  if (wanted.core) return play(new CoreInMarket(view, `world:${wanted.seed}`, BEFORE), view);
  const clock = new ManualClock(BEFORE);
  const config = {
    ...installation.config,
    timeZone: 'UTC',
    holdoutShare: 0,
    slotDays: SLOT_DAYS,
    logLevel: 'error' as const,
  };
  await withService(
    config,
    async (app) => play(new ServiceInMarket(app, clock, view, `world:${wanted.seed}`), view),
    { clock },
  );
}

async function play(player: Player, view: EngineView): Promise<void> {
  await player.begin();
  let touches = 0;
  for (let day = 1; day <= view.days; day += 1) {
    const { choices, touched } = await player.live(view.startDay());
    touches += touched.length;
    if (day % 10 === 0)
      say(`day ${day}: ${touches} touches, today ${touched.length} of ${choices} accounts, ${Math.round(process.cpuUsage().user / 1e6)} s CPU`);
  }
}

function shareOf(ours: Score, oracle: Score, from: number, to: number): number {
  const sum = ({ expectedRewardByDay }: Score) =>
    expectedRewardByDay.slice(from, to).reduce((total, value) => total + value, 0);
  return sum(ours) / sum(oracle);
}

const quartersOf = (ours: Score, oracle: Score, days: number): number[] =>
  QUARTERS.map((quarter) => rounded(shareOf(ours, oracle, (quarter * days) / 4, ((quarter + 1) * days) / 4)));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function findingsOf(
  wanted: WorldWanted,
  ours: Score,
  oracle: Score,
  peers: ReadonlyMap<PeerName, Score>,
  cpuSeconds: number,
): Findings {
  const { seed, accounts, days, peers: names } = wanted;
  const references = names.flatMap((name) => {
    const score = peers.get(name);
    return score ? [{ name, value: shareOf(score, oracle, 0, days), from: 'this run' as const }] : [];
  });
  const byQuarter = Object.fromEntries([
    ['service', quartersOf(ours, oracle, days)],
    ...[...peers].map(([name, score]) => [name, quartersOf(score, oracle, days)]),
  ]) as Record<string, number[]>;
  return {
    importing: { seed, accounts, days },
    split: { shareByQuarter: byQuarter },
    training: {
      touches: ours.touches,
      touchesAgainstConsent: ours.complaints,
      expectedReward: Math.round(ours.expectedReward),
      realisedReward: Math.round(ours.realisedReward),
      oracle: Math.round(oracle.expectedReward),
      byChannel: ours.byChannel,
      cpuSeconds: Math.round(cpuSeconds),
    },
    figures: [
      {
        what: 'share of the oracle’s expected reward',
        ours: shareOf(ours, oracle, 0, days),
        better: 'higher',
        on: ours.touches,
        references,
      },
      ...QUARTERS.map((quarter) => ({
        what: `the same, quarter ${quarter + 1}`,
        ours: byQuarter['service']?.[quarter] ?? null,
        better: 'higher' as const,
        on: days / 4,
        references: [...peers.keys()].map((name) => ({
          name,
          value: byQuarter[name]?.[quarter] ?? null,
          from: 'this run' as const,
        })),
      })),
    ],
    rescoring: null,
    notes: [
      'Expected reward: true chance of an order that the touch causes × its value − cost of the touch, summed over touches; no luck in it. The oracle knows every chance and takes the best of each day.',
      ...(wanted.core ? ['Here the engine’s core alone decides, without ingestion, database and queues: for development.'] : []),
      'The service sees what the market’s README lets an engine see, through its own ingestion, and decides with its own database, features, contact policy and learning. It starts knowing nothing. Peers are the market’s own policies, in this process.',
      'Regret curve: the oracle’s expected reward less a policy’s, summed over days.',
    ],
  };
}

/** Cumulative regret against the oracle, day by day. */
function draw({ name, seed }: WorldWanted, ours: Score, oracle: Score, peers: ReadonlyMap<PeerName, Score>): void {
  const curve = ({ expectedRewardByDay }: Score): number[] => {
    let sum = 0;
    return expectedRewardByDay.map((value, day) => (sum += (oracle.expectedRewardByDay[day] ?? 0) - value));
  };
  const curves = [
    { name: 'this service', values: curve(ours) },
    ...[...peers].map(([peer, score]) => ({ name: peer, values: curve(score) })),
  ];
  const file = join(cloneRoot(), 'bench/quality/results', `${name}.svg`);
  writeFileSync(file, curvesPicture(`Regret against the oracle, seed ${seed}`, 'EUR', curves));
}
