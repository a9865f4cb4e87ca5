import type { AccountId, Catalogue, Catalogues } from '../catalogue/index.js';
import { type AccountEvent, touchEvents } from '../events/index.js';
import type { FeatureSet } from '../features/index.js';
import {
  type EvidenceLedger,
  type HeadStore,
  type InputScales,
  type InputsOf,
  modelKey,
  type ModelRegistry,
  REMEMBERED_DAYS,
  trialInputs,
} from '../learning/index.js';
import {
  type CarriedOut,
  compileOutcome,
  type Counted,
  type KeptTrial,
  type OutcomeInbox,
  type OutcomeLog,
  type TrialBook,
  touchesToCredit,
  type Trial,
  trialsOf,
} from '../outcomes/index.js';
import type { Champion, DecisionLog, PropensityModel } from '../recommender/index.js';
import { addDays, DAY, HOUR, type Transaction, type Transactions } from '../shared/index.js';
import type { AccountPasts } from './learn-account-pasts.js';
import { eachPageOfTrials, type KeptLedger, openLedger } from './learn-ledger.js';
import { outcomeEventsOf } from './learn-notice.js';

export interface LearnParts {
  transactions: Transactions;
  catalogues: Catalogues;
  /** The model that serves, without what is learned here. */
  champion: Champion;
  registry: ModelRegistry;
  decisions: DecisionLog;
  inbox: OutcomeInbox;
  trials: TrialBook;
  outcomes: OutcomeLog;
  pasts: AccountPasts;
  heads: HeadStore;
  featureSet: FeatureSet;
}

/** Counts of one round. */
export interface Learned {
  accounts: number;
  /** Trials whose count changed or whose time had come. */
  trials: number;
  /** A new head serves. */
  published: boolean;
}

const INBOX_AT_ONCE = 500;
const DUE_AT_ONCE = 2000;
/** Days beyond the longest window in which a late event still changes what a trial came to. */
const LATE_DAYS = 35;
/** A head is made anew after so long even if nothing came: what is old counts less. */
const FORGETS_EVERY = 6 * HOUR;

/**
 * From what happened to the next score: outcomes and closed windows become labels of the suggestions that were carried
 * out, labels become evidence, and evidence the head that serves. One writer at a time; each round is one transaction, so
 * that every trial is counted exactly once.
 */
export class LearnFromOutcomes {
  private kept: KeptLedger | null = null;

  constructor(private readonly parts: LearnParts) {}

  /** Learns all that is to be learned at that moment. */
  async runDue(at: Date): Promise<Learned> {
    const total: Learned = { accounts: 0, trials: 0, published: false };
    while (await this.isDue(at)) {
      const round = await this.parts.transactions.run((within) => this.round(at, within));
      if (round === null) break;
      total.accounts += round.accounts;
      total.trials += round.trials;
      total.published ||= round.published;
    }
    return total;
  }

  private async isDue(at: Date): Promise<boolean> {
    const { inbox, trials, champion, heads } = this.parts;
    if ((await inbox.isWaiting()) || (await trials.due(at, 1)).length > 0) return true;
    const version = await heads.version(modelKey(await champion.current()));
    if (version === null) return true;
    const { kept } = this;
    if (kept?.version !== version) return false;
    if (kept.ledger.needsFit(at)) return true;
    return kept.ledger.all.length > 0 && at.getTime() - kept.madeAt.getTime() >= FORGETS_EVERY;
  }

  /** Null: another process is learning. */
  private async round(at: Date, within: Transaction): Promise<Learned | null> {
    const { heads, inbox, trials, champion, catalogues } = this.parts;
    if (!(await heads.claim(within))) return null;
    const model = await champion.current();
    const catalogue = await catalogues.current();
    const { kept } = this;
    this.kept = null;
    const { ledger, fresh, scales } = await openLedger(this.parts, { model, catalogue, kept }, within);
    const work: Work = { at, model, catalogue, ledger, scales };
    ledger.moveTo(at);
    const rebuilt = fresh ? await this.rebuild(work, within) : 0;
    const accountIds = await inbox.take(INBOX_AT_ONCE, within);
    const refreshed = await this.refresh(accountIds, work, within);
    const due = await trials.due(at, DUE_AT_ONCE, within);
    await this.count(due.map(closedBy(at)), work, within);
    const lapsed = kept !== null && at.getTime() - kept.madeAt.getTime() >= FORGETS_EVERY;
    const all = accountIds.length < INBOX_AT_ONCE && due.length < DUE_AT_ONCE;
    const fits = all && (lapsed || ledger.needsFit(at));
    if (fits) await ledger.fit();
    const published = fresh || lapsed || fits || ledger.changed.length > 0;
    const madeAt = fresh || lapsed || !kept ? at : kept.madeAt;
    if (published) this.kept = await this.publish(work, { fresh, madeAt }, within);
    else this.kept = kept;
    return { accounts: accountIds.length, trials: rebuilt + refreshed + due.length, published };
  }

  /** Another model serves: what was carried out lately, and is not in the model, is counted for it. */
  private async rebuild(work: Work, within: Transaction): Promise<number> {
    let counted = 0;
    await eachPageOfTrials(this.parts.trials, addDays(work.at, -REMEMBERED_DAYS), within, async (page) => {
      await this.count(page, work, within);
      counted += page.length;
    });
    return counted;
  }

  /** What became of the trials of accounts in which something happened. */
  private async refresh(accountIds: readonly AccountId[], work: Work, within: Transaction): Promise<number> {
    if (accountIds.length === 0) return 0;
    const { trials, pasts, outcomes } = this.parts;
    const { at, catalogue, ledger } = work;
    const compiled = [...catalogue.outcomes.values()].map(compileOutcome);
    const longest = Math.max(0, ...compiled.map((outcome) => outcome.within)) / DAY;
    const since = addDays(at, -longest - LATE_DAYS);
    const eventNames = [...Object.keys(touchEvents), ...outcomeEventsOf(catalogue)];
    const [known, reported, read] = [
      await trials.ofAccounts(accountIds, within),
      await outcomes.ofAccounts(accountIds),
      await pasts.of(accountIds, { since, eventNames, catalogue }, within),
    ];
    const before = new Map(known.map((kept) => [nameOf(kept.trial), kept]));
    const knownBy = new Map<AccountId, Trial[]>(accountIds.map((accountId) => [accountId, []]));
    for (const { trial } of known) knownBy.get(trial.accountId)?.push(trial);
    const now = read.flatMap((past) => {
      const events = past.events.map((event) => naming(event, past.suggestions));
      const touches = touchesToCredit(events, catalogue);
      const told = reported.get(past.accountId) ?? [];
      return trialsOf(
        { ...past, touches, reported: told, known: knownBy.get(past.accountId) ?? [], at },
        compiled,
      );
    });
    const still = new Set(now.map(nameOf));
    const gone = known.filter(({ trial }) => trial.startedAt >= since && !still.has(nameOf(trial)));
    for (const trial of gone) ledger.discount(trial);
    await trials.remove(
      gone.map(({ trial }) => trial),
      within,
    );
    const kept = now.map((trial): KeptTrial => {
      const { counted = NOT_COUNTED, nextAt = trial.startedAt } = before.get(nameOf(trial)) ?? {};
      return { trial, counted, nextAt };
    });
    await this.count(kept, work, within);
    return kept.length;
  }

  private async count(trials: readonly KeptTrial[], work: Work, within: Transaction): Promise<void> {
    if (trials.length === 0) return;
    const { ledger, model } = work;
    const unread = trials.filter(({ counted }) => counted.model !== modelKey(model));
    const inputsOf = await this.inputsOf(unread, work);
    await this.parts.trials.put(
      trials.map((kept) => ledger.count(kept, inputsOf)),
      within,
    );
  }

  private async inputsOf(
    trials: readonly KeptTrial[],
    { model, catalogue, scales }: Work,
  ): Promise<InputsOf> {
    const found = await this.parts.decisions.find(trials.map(({ trial }) => trial));
    const decisions = new Map(found.map((decision) => [decision.decisionId, decision]));
    return (trial) => {
      const decision = decisions.get(trial.decisionId);
      return decision ? trialInputs(trial, decision, model, { catalogue, scales }) : null;
    };
  }

  private async publish(
    { ledger, at, model, catalogue, scales }: Work,
    { fresh, madeAt }: { fresh: boolean; madeAt: Date },
    within: Transaction,
  ): Promise<KeptLedger> {
    const changed = {
      asOf: at,
      arms: fresh ? ledger.all : ledger.changed,
      head: ledger.head(),
      delays: ledger.changedDelays,
    };
    const version = await this.parts.heads.save(modelKey(model), changed, within);
    ledger.written();
    return { version, ledger, madeAt, scales, catalogue: catalogue.version };
  }
}

interface Work {
  at: Date;
  model: PropensityModel;
  catalogue: Catalogue;
  ledger: EvidenceLedger;
  scales: InputScales;
}

const NOT_COUNTED: Counted = { model: null, inputs: null, label: null, weight: 0 };

function nameOf({ accountId, trialId }: { accountId: string; trialId: string }): string {
  return `${accountId}\u0000${trialId}`;
}

/** A touch that names a suggestion and no action was of the suggestion's action. */
function naming(event: AccountEvent, suggestions: readonly CarriedOut[]): AccountEvent {
  const { properties } = event;
  const named = properties['suggestionId'];
  if (properties.actionId !== undefined || named === undefined) return event;
  const suggestion = suggestions.find(({ suggestionId }) => suggestionId === named);
  if (!suggestion) return event;
  const { actionId, channelId, productId } = suggestion;
  const about = { actionId, channel: channelId, ...(productId === null ? {} : { productId }) };
  return { ...event, properties: { ...about, ...properties } };
}

/** A window that has closed without its outcome is a negative. */
function closedBy(at: Date): (kept: KeptTrial) => KeptTrial {
  return (kept) =>
    kept.trial.label === null && kept.trial.closesAt <= at
      ? { ...kept, trial: { ...kept.trial, label: 0 } }
      : kept;
}
