import type { INestApplicationContext } from '@nestjs/common';
import type { AccountId } from '../../src/catalogue/index.js';
import { type Earned, type LivedTerritory, OngoingTerritory, type Opportunity } from '../../src/demo/index.js';
import { ModelRegistry, type PackedArtefact, type ModelCard } from '../../src/learning/index.js';
import { withService } from '../../src/main.js';
import { addDays, HOUR, ManualClock } from '../../src/shared/index.js';
import {
  Decide,
  IngestEvents,
  LearnFromOutcomes,
  PromoteModel,
  TrainModel,
} from '../../src/workflows/index.js';
import { writePlan } from '../../scripts/import.js';
import type { Installation } from './installation.js';

/** Who decides in the loop. All are the service itself; they differ in what it may learn. */
export const policies = {
  engine:
    'as a new installation decides: the declared rules with the head that learns from each outcome. No model is promoted that the gate has not proven, and a first model has nothing to be proven by',
  promoted:
    'the model of the first day, promoted with a reason and without proof, with the head that learns from each outcome; trained anew every two weeks, which serves where the gate lets it',
  frozen: 'the same model of the first day, with the same exploration, and no learning after it',
  rules: 'the declared fallback rules, with the same exploration',
} as const;
export type PolicyName = keyof typeof policies;

export interface Loop {
  lived: LivedTerritory;
  days: number;
  seed: string;
  trainEveryDays: number;
}

export interface LoopResult {
  /** Of the draws. */
  seed: string;
  /** With the propensity as it was served. */
  earned: (Earned & { predicted: number })[];
  /** Chances to touch somebody, the same ones for all policies: whether one is worth taking is theirs to say. */
  opportunities: { day: number; accountId: string }[];
  promotions: number;
  headVersions: number;
  uncorrected: number;
}

export interface FirstModel {
  packed: PackedArtefact;
  card: ModelCard;
}

const ACTOR = 'closed-loop';
/** Decisions are made before the first local office hour of any doctor. */
const DECIDED_AT_UTC_HOUR = 3;
const ACCOUNTS_AT_ONCE = 60;

/** Lets one policy decide for all days, the service in this process, on the territory's clock. */
export async function runLoop(
  installation: Installation,
  policy: PolicyName,
  loop: Loop,
  first: FirstModel | null,
): Promise<{ result: LoopResult; first: FirstModel | null }> {
  const clock = new ManualClock(loop.lived.territory.until);
  const config = { ...installation.config, holdoutShare: 0, logLevel: 'error' as const };
  return withService(
    config,
    async (app) => {
      await writePlan(app, loop.lived.territory.plan, { lanes: 1 });
      const isModel = policy === 'promoted' || policy === 'frozen';
      const model = isModel ? (first ?? (await train(app, clock))) : null;
      if (model) await serve(app, model);
      const result = await live(app, clock, policy, loop);
      return { result, first: model ?? first };
    },
    { clock },
  );
}

async function train(app: INestApplicationContext, clock: ManualClock): Promise<FirstModel> {
  const { version, card } = await app
    .get(TrainModel, { strict: false })
    .run({ asOf: clock.now(), actor: ACTOR, seed: '1' });
  const packed = await app.get(ModelRegistry, { strict: false }).artefact(version);
  if (!packed) throw new Error(`model ${version} was there a moment ago`);
  return { packed, card };
}

async function serve(app: INestApplicationContext, { packed, card }: FirstModel): Promise<void> {
  const registry = app.get(ModelRegistry, { strict: false });
  const version = await registry.add({ packed, card, createdAt: new Date(card.trainedAt) });
  await promote(app, version);
}

async function promote(app: INestApplicationContext, version: string): Promise<boolean> {
  const asked = { reason: 'closed loop', force: false, actor: ACTOR };
  return (await app.get(PromoteModel, { strict: false }).promote(version, asked)).ok;
}

async function live(
  app: INestApplicationContext,
  clock: ManualClock,
  policy: PolicyName,
  { lived, days, seed, trainEveryDays }: Loop,
): Promise<LoopResult> {
  const ongoing = new OngoingTerritory(lived, days, seed);
  const learner = app.get(LearnFromOutcomes, { strict: false });
  const result: LoopResult = { seed, earned: [], opportunities: [], promotions: 0, headVersions: 0, uncorrected: 0 };
  const midnight = new Date(lived.territory.until);
  midnight.setUTCHours(0, 0, 0, 0);
  for (let day = 0; day < days; day += 1) {
    const morning = new Date(addDays(midnight, day + 1).getTime() + DECIDED_AT_UTC_HOUR * HOUR);
    clock.set(morning);
    await app.get(IngestEvents, { strict: false }).run(ongoing.tell(morning), {
      recordedBy: ACTOR,
      publicKey: false,
      origin: 'live',
    });
    if (policy === 'engine' || policy === 'promoted')
      if ((await learner.runDue(clock.now())).published) result.headVersions += 1;
    if (policy === 'promoted' && day > 0 && day % trainEveryDays === 0) {
      const { version } = await app
        .get(TrainModel, { strict: false })
        .run({ asOf: clock.now(), actor: ACTOR, seed: `${day}` });
      if (await promote(app, version)) result.promotions += 1;
      await learner.runDue(clock.now());
    }
    await decideDay(app, ongoing, day, result);
  }
  return result;
}

async function decideDay(
  app: INestApplicationContext,
  ongoing: OngoingTerritory,
  day: number,
  result: LoopResult,
): Promise<void> {
  let left = ongoing.begin(day);
  result.opportunities.push(...left.map(({ accountId }) => ({ day, accountId })));
  while (left.length > 0) {
    const round: Opportunity[] = [];
    const later: Opportunity[] = [];
    const taken = new Set<AccountId>();
    for (const one of left) {
      if (taken.has(one.accountId) || round.length === ACCOUNTS_AT_ONCE) later.push(one);
      else {
        taken.add(one.accountId);
        round.push(one);
      }
    }
    await decideRound(app, ongoing, day, round, result);
    left = later;
  }
}

async function decideRound(
  app: INestApplicationContext,
  ongoing: OngoingTerritory,
  day: number,
  round: readonly Opportunity[],
  result: LoopResult,
): Promise<void> {
  const questions = round.map(({ accountId, contactId }) => ({
    accountId,
    contactId,
    limit: 1,
    context: {},
    role: null,
  }));
  const answers = await app
    .get(Decide, { strict: false })
    .batch(questions, { fresh: true, seed: `${result.seed}:${day}` });
  answers.forEach((answer, place) => {
    const opportunity = round[place];
    if (!answer.ok || !opportunity) throw new Error(`no decision: ${JSON.stringify(answer)}`);
    const { decision } = answer.value;
    const [first] = decision.suggestions;
    if (!first) return;
    if (decision.versions.head === null) result.uncorrected += 1;
    const touched = {
        contactId: first.contactId,
        actionId: first.actionId,
        channelId: first.channelId,
        treatmentId: first.treatmentId,
        hour: localHour(first.slot.from, opportunity.timeZone),
        suggestionId: first.suggestionId,
        decisionId: decision.decisionId,
      };
    result.earned.push({ ...ongoing.touch(day, touched), predicted: first.propensity });
  });
}

function localHour(at: Date, timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone }).format(at));
}
