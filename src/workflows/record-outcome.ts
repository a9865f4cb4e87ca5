import type { AccountId, Accounts, Catalogues, ContactId } from '../catalogue/index.js';
import type { Outcome, OutcomeInbox, OutcomeLog } from '../outcomes/index.js';
import type { DecisionLog } from '../recommender/index.js';
import { type Clock, err, type FieldProblem, ok, type Result, type Transactions } from '../shared/index.js';
import type { SuggestionBook } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';

export type OutcomeReport = Omit<Outcome, 'recordedAt'>;

type NamedKind = 'account' | 'contact' | 'outcome definition' | 'decision' | 'suggestion';

/** Why an outcome was not recorded; `unknown` names an id that nothing of the account has. */
export interface OutcomeRefused {
  unknown: { kind: NamedKind; id: string } | null;
  problems: FieldProblem[];
}

export interface RecordOutcomeParts {
  transactions: Transactions;
  locks: AccountLocks;
  accounts: Accounts;
  catalogues: Catalogues;
  outcomes: OutcomeLog;
  decisions: Pick<DecisionLog, 'find'>;
  suggestions: Pick<SuggestionBook, 'byIds'>;
  /** Where the learner hears of it. */
  inbox: OutcomeInbox;
  clock: Clock;
}

export interface OutcomeRecorded {
  outcome: Outcome;
  /** False: it was known by its reference, and nothing changed. */
  created: boolean;
}

/** Writes down a business fact once, whatever the number of times that it is sent. */
export class RecordOutcome {
  constructor(private readonly parts: RecordOutcomeParts) {}

  async one(report: OutcomeReport): Promise<Result<OutcomeRecorded, OutcomeRefused>> {
    const refused = await this.refusal(report);
    if (refused) return err(refused);
    const { transactions, locks, outcomes, inbox, clock } = this.parts;
    const outcome = { ...report, recordedAt: clock.now() };
    const created = await transactions.run(async (within) => {
      await locks.lock([report.accountId], within);
      const isNew = await outcomes.append(outcome, within);
      if (isNew) await inbox.notice([report.accountId], within);
      return isNew;
    });
    const stored = created ? outcome : await outcomes.find(report.accountId, report.outcomeRef);
    return ok({ outcome: stored ?? outcome, created });
  }

  /** Many, as of an import: the valid ones are recorded, the others named by their place. */
  async many(
    reports: readonly OutcomeReport[],
  ): Promise<{ recorded: number; refused: { index: number; problems: FieldProblem[] }[] }> {
    let recorded = 0;
    const refused: { index: number; problems: FieldProblem[] }[] = [];
    for (const [index, report] of reports.entries()) {
      const answer = await this.one(report);
      if (answer.ok) recorded += 1;
      else refused.push({ index, problems: answer.error.problems });
    }
    return { recorded, refused };
  }

  private async refusal(report: OutcomeReport): Promise<OutcomeRefused | null> {
    const { accounts, catalogues, clock } = this.parts;
    const { accountId, contactId, outcomeId, occurredAt } = report;
    const catalogue = await catalogues.current();
    if (!catalogue.outcomes.has(outcomeId)) return unknown('outcome definition', outcomeId, '/outcomeId');
    const [dossier] = await accounts.dossiers([accountId]);
    if (!dossier) return unknown('account', accountId, '/accountId');
    if (contactId !== null && !(await this.isContactOf(contactId, accountId)))
      return unknown('contact', contactId, '/contactId');
    if (occurredAt > clock.now()) {
      const detail = 'lies in the future: an outcome is reported when it has happened';
      return { unknown: null, problems: [{ pointer: '/occurredAt', detail }] };
    }
    return this.unknownCause(report);
  }

  /** What is named as having led to it must be the account's own, or another account's success would be learned here. */
  private async unknownCause(report: OutcomeReport): Promise<OutcomeRefused | null> {
    const { accountId, decisionId, suggestionId } = report;
    const { decisions, suggestions, clock } = this.parts;
    if (decisionId !== null) {
      const [decision] = await decisions.find([{ accountId, decisionId }]);
      if (!decision) return unknown('decision', decisionId, '/decisionId');
    }
    if (suggestionId !== null) {
      const [suggestion] = await suggestions.byIds([suggestionId], clock.now());
      if (suggestion?.accountId !== accountId) return unknown('suggestion', suggestionId, '/suggestionId');
    }
    return null;
  }

  private async isContactOf(contactId: ContactId, accountId: AccountId): Promise<boolean> {
    return (await this.parts.accounts.accountsOf([contactId])).get(contactId) === accountId;
  }
}

function unknown(kind: NamedKind, id: string, pointer: string): OutcomeRefused {
  return { unknown: { kind, id }, problems: [{ pointer, detail: `there is no ${kind} "${id}" here` }] };
}
