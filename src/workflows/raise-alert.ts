import {
  type Alert,
  type AlertBook,
  type AlertId,
  type AlertSettings,
  alertsFor,
  type Firing,
  type Firings,
  type NextStep,
  type TriggerRules,
} from '../alerts/index.js';
import type { Catalogue, Catalogues } from '../catalogue/index.js';
import type { Outbox } from '../delivery/index.js';
import type { Decision } from '../recommender/index.js';
import { HOUR, type Ids, SECOND, type Transaction, type Transactions } from '../shared/index.js';
import type { Suggestion } from '../suggestions/index.js';
import { alertMessage } from './alert-messages.js';
import type { Decide, DecideRefused, MadeDecision } from './decide.js';
import type { PrepareAlerts, ReadyFiring } from './raise-alert-prepare.js';

export interface RaiseAlertParts {
  transactions: Transactions;
  rules: TriggerRules;
  firings: Firings;
  alerts: AlertBook;
  prepare: PrepareAlerts;
  decide: Decide;
  catalogues: Catalogues;
  outbox: Outbox;
  ids: Ids;
  settings: AlertSettings;
  /** IANA zone of the deployment. */
  timeZone: string;
}

export interface Raised {
  /** Firings of which somebody was told. */
  raised: number;
  /** Firings of which nobody is to be told: their moment is over, what was waited for has come, … */
  dropped: number;
  /** What went wrong; the firings concerned are tried again. */
  troubles: unknown[];
}

/** Firings taken at once, of as many accounts. */
const AT_ONCE = 16;
/** A worker that dies gives its firings back after this long. */
const LEASE = 30 * SECOND;
const RETRY_AFTER = 2 * SECOND;
/** After so many tries the alert is raised without a next step: better than none at all. */
const TRIES_WITH_DECISION = 3;

/** Somebody else has ended the firing in the meantime. */
class FiringTaken extends Error {}

/** Makes alerts of what fired: decision, suggestion, alerts and what is told of them in one transaction. */
export class RaiseAlert {
  constructor(private readonly parts: RaiseAlertParts) {}

  /** Raises all that is due at a time, as long as it is wanted. Safe to run in several processes at once. */
  async runDue(at: Date, isWanted: () => boolean = () => true): Promise<Raised> {
    const total: Raised = { raised: 0, dropped: 0, troubles: [] };
    while (isWanted()) {
      const claimed = await this.parts.firings.claim(AT_ONCE, at, new Date(at.getTime() + LEASE));
      if (claimed.length === 0) return total;
      await this.raise(claimed, at, total);
    }
    return total;
  }

  private async raise(claimed: readonly Firing[], at: Date, total: Raised): Promise<void> {
    const { rules, prepare, firings, catalogues } = this.parts;
    try {
      const catalogue = await catalogues.current();
      const { ready, dropped } = await prepare.of(claimed, await rules.current(), catalogue, at);
      for (const { firing, because } of dropped) {
        await firings.end([firing], { state: 'dropped', because });
        total.dropped += 1;
      }
      await this.decideAndRaise(ready, catalogue, at, total);
    } catch (cause) {
      total.troubles.push(cause);
      await firings.giveBack(claimed, new Date(at.getTime() + RETRY_AFTER));
    }
  }

  /** Together; where one of them cannot be, each by itself. */
  private async decideAndRaise(
    ready: readonly ReadyFiring[],
    catalogue: Catalogue,
    at: Date,
    total: Raised,
  ): Promise<void> {
    if (ready.length === 0) return;
    try {
      await this.together(ready, catalogue, at, total);
    } catch (cause) {
      if (ready.length > 1) {
        for (const one of ready) await this.decideAndRaise([one], catalogue, at, total);
        return;
      }
      if (cause instanceof FiringTaken) return;
      total.troubles.push(cause);
      await this.later(ready, catalogue, at, total);
    }
  }

  private async together(
    ready: readonly ReadyFiring[],
    catalogue: Catalogue,
    at: Date,
    total: Raised,
  ): Promise<void> {
    const byAccount = new Map(ready.map((one) => [one.question.accountId, one]));
    let written = new Set<ReadyFiring>();
    const answers = await this.parts.decide.batch(
      ready.map(({ question }) => question),
      {
        fresh: true,
        alongside: async (made, within) => {
          const steps = made.flatMap((one): [ReadyFiring, MadeDecision][] => {
            const own = byAccount.get(one.decision.accountId);
            return own ? [[own, one]] : [];
          });
          await this.write(
            steps.map(([own, { decision, suggestions }]) => ({
              ready: own,
              next: nextStep(decision, suggestions),
              suggestion: suggestions[0] ?? null,
            })),
            catalogue,
            at,
            within,
          );
          written = new Set([...written, ...steps.map(([own]) => own)]);
        },
      },
    );
    total.raised += written.size;
    const refused = ready.filter((_, place) => answers[place]?.ok === false);
    const reasons = new Set(answers.flatMap((answer) => (answer.ok ? [] : [said(answer.error)])));
    for (const reason of reasons) total.troubles.push(new Error(reason));
    await this.later(refused, catalogue, at, total);
  }

  /** Tries again in a moment; at last without a next step. */
  private async later(
    ready: readonly ReadyFiring[],
    catalogue: Catalogue,
    at: Date,
    total: Raised,
  ): Promise<void> {
    const { firings, transactions } = this.parts;
    const again = ready.filter(({ prepared }) => prepared.firing.attempts < TRIES_WITH_DECISION);
    await firings.giveBack(
      again.map(({ prepared }) => prepared.firing),
      new Date(at.getTime() + RETRY_AFTER),
    );
    for (const one of ready) {
      if (again.includes(one)) continue;
      const next = { decisionId: null, suggestionId: null, because: 'no next step could be decided' };
      await transactions.run((within) =>
        this.write([{ ready: one, next, suggestion: null }], catalogue, at, within),
      );
      total.raised += 1;
    }
  }

  private async write(
    steps: readonly { ready: ReadyFiring; next: NextStep; suggestion: Suggestion | null }[],
    catalogue: Catalogue,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    const { firings, alerts, outbox, ids, settings, timeZone } = this.parts;
    if (steps.length === 0) return;
    const own = steps.map(({ ready }) => ready.prepared.firing);
    const ended = await firings.end(own, { state: 'raised' }, within);
    if (ended.size < own.length) throw new FiringTaken();
    const members = steps.flatMap(({ ready }) => ready.prepared.recipients.map(({ memberId }) => memberId));
    const announced = await alerts.announcedTo(members, new Date(at.getTime() - HOUR), within);
    const raising = { at, nextId: () => ids.next() as AlertId, announced, settings, timeZone, catalogue };
    const made = steps.map(({ ready, next, suggestion }) => ({
      alerts: alertsFor(ready.prepared, next, raising),
      suggestion,
    }));
    await alerts.add(
      made.flatMap((one) => one.alerts),
      within,
    );
    const message = (alert: Alert, suggestion: Suggestion | null) =>
      alertMessage(`msg_${ids.next()}`, alert, suggestion, alert.memberId ? [alert.memberId] : [], at);
    await outbox.put(
      made.flatMap((one) => one.alerts.map((alert) => message(alert, one.suggestion))),
      within,
    );
  }
}

function nextStep(decision: Decision, [first]: readonly Suggestion[]): NextStep {
  const { decisionId, noAction, suppressed } = decision;
  if (first) return { decisionId, suggestionId: first.suggestionId, because: null };
  const rules = suppressed.map(({ rule }) => rule).join(', ');
  const reason = noAction?.reason ?? 'nothing-to-do';
  return { decisionId, suggestionId: null, because: rules === '' ? reason : `${reason}: ${rules}` };
}

function said({ code, id }: DecideRefused): string {
  return `No next step for an alert: ${code} ${id}`;
}
