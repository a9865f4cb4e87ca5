import type { ActionId } from '../catalogue/index.js';
import {
  type ActionReach,
  type ContactRule,
  type ContactRules,
  type ReachBook,
  type ReachOfActions,
  reachShare,
} from '../contact-policy/index.js';
import type { Transactions } from '../shared/index.js';

export interface RampParts {
  transactions: Transactions;
  rules: ContactRules;
  book: ReachBook;
}

/**
 * Lets new actions reach more accounts as touches with them are logged. New is what comes to a log that has touches
 * enough already (the rule's `from`); before that nothing is known of any action, and all are open to everybody. A share
 * never shrinks.
 */
export class RampReach {
  constructor(private readonly parts: RampParts) {}

  /** Gives how many actions do not reach all accounts. Where nothing is new, it counts nothing. */
  async runDue(at: Date): Promise<number> {
    const { transactions, rules, book } = this.parts;
    const [known, unmet] = await Promise.all([book.known(), book.unmet()]);
    const ramping = [...known].filter(([, { share }]) => share < 1).map(([actionId]) => actionId);
    if (unmet.length + ramping.length === 0) return 0;
    const after = await this.shares([...unmet, ...ramping], known, (await rules.current()).rules);
    const changed = [...after].filter(([actionId, { share }]) => known.get(actionId)?.share !== share);
    if (changed.length > 0) await transactions.run((within) => book.save(new Map(changed), at, within));
    return [...after.values()].filter(({ share }) => share < 1).length;
  }

  private async shares(
    actionIds: readonly ActionId[],
    known: ReachOfActions,
    rules: readonly ContactRule[],
  ): Promise<ReachOfActions> {
    const rule = rules.find((one) => one.kind === 'reach');
    const evidence = await this.parts.book.evidence();
    const all = [...evidence.values()].reduce((sum, touches) => sum + touches, 0);
    const ramps = rule?.kind === 'reach' && known.size > 0 && all >= rule.from ? rule : null;
    return new Map(
      actionIds.map((actionId): [ActionId, ActionReach] => {
        const touches = evidence.get(actionId) ?? 0;
        const share = ramps ? Math.max(known.get(actionId)?.share ?? 0, reachShare(ramps, touches)) : 1;
        return [actionId, { share, evidence: touches }];
      }),
    );
  }
}
