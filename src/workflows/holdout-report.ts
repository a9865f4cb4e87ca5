import { DateTime } from 'luxon';
import type { AccountId, Accounts, Catalogues } from '../catalogue/index.js';
import { type AccountFacts, compareHoldout, type Comparison } from '../learning/index.js';
import { inHoldout } from '../recommender/index.js';
import { seededRng } from '../shared/index.js';
import type { OutcomeFact, OutcomeFacts } from './holdout-facts.js';

export const holdoutPeriods = ['week', 'month', 'none'] as const;
export type HoldoutPeriod = (typeof holdoutPeriods)[number];

export interface HoldoutParts {
  accounts: Accounts;
  catalogues: Catalogues;
  facts: OutcomeFacts;
  holdout: { salt: string; share: number };
  /** Weeks and months are this zone's. */
  timeZone: string;
}

export interface HoldoutWanted {
  from: Date;
  to: Date;
  by: HoldoutPeriod;
  /** Of the resampling. */
  seed: string;
}

export interface HoldoutOfPeriod {
  from: Date;
  to: Date;
  /** Outcomes of any kind per account. */
  outcomes: Comparison;
  /** Their worth per account, in the configured currency. */
  value: Comparison;
  /** Outcomes per account, by outcome. */
  byOutcome: Record<string, Comparison>;
}

export interface HoldoutReport {
  share: number;
  accounts: { treated: number; holdout: number };
  overall: HoldoutOfPeriod;
  periods: HoldoutOfPeriod[];
}

const ACCOUNTS_AT_ONCE = 500;

/** What serving the model has caused: accounts that it serves beside those that are served the declared rules. */
export class ReportHoldout {
  constructor(private readonly parts: HoldoutParts) {}

  async run(wanted: HoldoutWanted): Promise<HoldoutReport> {
    const { accounts, catalogues, facts, holdout } = this.parts;
    const catalogue = await catalogues.current();
    const outcomeIds = [...catalogue.outcomes.keys()].map(String).sort();
    const held = new Map<AccountId, boolean>();
    const happened: OutcomeFact[] = [];
    let ids = await accounts.idsAfter(null, ACCOUNTS_AT_ONCE);
    while (ids.length > 0) {
      for (const accountId of ids) held.set(accountId, inHoldout(accountId, holdout));
      happened.push(...(await facts.of(ids, wanted, catalogue)));
      ids = await accounts.idsAfter(ids.at(-1) ?? null, ACCOUNTS_AT_ONCE);
    }
    const compare = (from: Date, to: Date) =>
      comparison({ from, to }, held, happened, outcomeIds, wanted.seed);
    const heldOut = [...held.values()].filter(Boolean).length;
    return {
      share: holdout.share,
      accounts: { treated: held.size - heldOut, holdout: heldOut },
      overall: compare(wanted.from, wanted.to),
      periods: periodsOf(wanted, this.parts.timeZone).map(({ from, to }) => compare(from, to)),
    };
  }
}

function periodsOf({ from, to, by }: HoldoutWanted, zone: string): { from: Date; to: Date }[] {
  if (by === 'none') return [];
  const periods: { from: Date; to: Date }[] = [];
  for (let start = DateTime.fromJSDate(from, { zone }); start.toJSDate() < to;) {
    const next = start.startOf(by).plus({ [by]: 1 });
    periods.push({ from: start.toJSDate(), to: next.toJSDate() < to ? next.toJSDate() : to });
    start = next;
  }
  return periods;
}

function comparison(
  { from, to }: { from: Date; to: Date },
  held: ReadonlyMap<AccountId, boolean>,
  happened: readonly OutcomeFact[],
  outcomeIds: readonly string[],
  seed: string,
): HoldoutOfPeriod {
  const measures = 2 + outcomeIds.length;
  const sums = new Map<AccountId, number[]>();
  for (const fact of happened) {
    if (fact.at < from || fact.at >= to) continue;
    const own = sums.get(fact.accountId) ?? Array.from({ length: measures }, () => 0);
    sums.set(fact.accountId, own);
    own[0] = (own[0] ?? 0) + 1;
    own[1] = (own[1] ?? 0) + fact.value;
    const place = 2 + outcomeIds.indexOf(fact.outcomeId);
    own[place] = (own[place] ?? 0) + 1;
  }
  const none = Array.from({ length: measures }, () => 0);
  const facts = [...held].map(([accountId, isHeld]): AccountFacts => ({
    accountId,
    held: isHeld,
    sums: sums.get(accountId) ?? none,
  }));
  const rng = seededRng(`holdout:${seed}:${from.toISOString()}`);
  const [outcomes, value, ...each] = compareHoldout(facts, measures, rng);
  if (!outcomes || !value) throw new Error('Outcomes and their value are always compared');
  const byOutcome = Object.fromEntries(
    outcomeIds.flatMap((id, place) => (each[place] ? [[id, each[place]]] : [])),
  );
  return { from, to, outcomes, value, byOutcome };
}
