import type { AccountDossier, AccountId, Accounts, Catalogue, Catalogues } from '../catalogue/index.js';
import {
  canReplay,
  type ContactRule,
  replay,
  type ReplayedRefusal,
  type ReplayedTouch,
  type RuleName,
} from '../contact-policy/index.js';
import type { Touch, TouchLog } from '../events/index.js';
import { addDays } from '../shared/index.js';

export interface DryRunSuppression {
  rule: RuleName;
  count: number;
  /** The first few, in order of account. */
  examples: {
    touchId: string;
    accountId: string;
    contactId: string | null;
    channelId: string;
    at: Date;
    because: string;
  }[];
}

export interface DryRun {
  /** Touches of the period that were judged. */
  touches: number;
  suppressed: DryRunSuppression[];
  /** Ids of rules that touches alone cannot judge: they need the threads, quotes, dismissals or budgets of then. */
  notReplayed: string[];
}

const ACCOUNTS_AT_ONCE = 500;
const EXAMPLES = 5;
const BEGUN: ReadonlySet<Touch['state']> = new Set(['sending', 'sent', 'unknown']);

/** What a set of rules would have refused of the touches of a period. Changes nothing. */
export class DryRunContactRules {
  constructor(
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly touches: TouchLog,
    /** IANA zone where neither contact nor account has one. */
    private readonly timeZone: string,
  ) {}

  async run(rules: readonly ContactRule[], from: Date, to: Date): Promise<DryRun> {
    const judged = { version: 0, rules: rules.filter(canReplay) };
    const catalogue = await this.catalogues.current();
    const since = addDays(
      from,
      -Math.max(0, ...judged.rules.map((rule) => ('days' in rule ? rule.days : 0))),
    );
    const result: DryRun = {
      touches: 0,
      suppressed: [],
      notReplayed: rules.filter((rule) => !canReplay(rule)).map((rule) => rule.ruleId),
    };
    for (let cursor: AccountId | null = null; ;) {
      const accountIds: AccountId[] = await this.accounts.idsAfter(cursor, ACCOUNTS_AT_ONCE);
      const touches = await this.touches.since(accountIds, since);
      for (const dossier of await this.accounts.dossiers([...touches.keys()])) {
        const own = touches.get(dossier.account.accountId) ?? [];
        const { touches: count, refused } = replay(judged, this.past(dossier, own, catalogue, from, to));
        result.touches += count;
        for (const one of refused) countRefusal(result.suppressed, dossier.account.accountId, one);
      }
      cursor = accountIds.at(-1) ?? null;
      if (accountIds.length < ACCOUNTS_AT_ONCE) return result;
    }
  }

  private past(
    { account, contacts }: AccountDossier,
    touches: readonly Touch[],
    catalogue: Catalogue,
    from: Date,
    to: Date,
  ): Parameters<typeof replay>[1] {
    const zones = new Map(contacts.map((contact) => [contact.contactId, contact.timeZone]));
    return {
      accountId: account.accountId,
      touches: touches.filter((touch) => BEGUN.has(touch.state)).map((touch) => replayed(touch, catalogue)),
      from,
      to,
      channels: catalogue.channels,
      timeZoneOf: (contactId) => zones.get(contactId) ?? account.timeZone ?? this.timeZone,
      country: account.country,
    };
  }
}

function replayed(touch: Touch, catalogue: Catalogue): ReplayedTouch {
  const action = touch.actionId === null ? undefined : catalogue.actions.get(touch.actionId);
  return { ...touch, performedBy: touch.role ?? 'automatic', mandatory: action?.mandatory ?? false };
}

function countRefusal(
  suppressed: DryRunSuppression[],
  accountId: AccountId,
  { touch, refusal }: ReplayedRefusal,
): void {
  let entry = suppressed.find((one) => one.rule === refusal.rule);
  if (!entry) suppressed.push((entry = { rule: refusal.rule, count: 0, examples: [] }));
  entry.count += 1;
  const { touchId, contactId, channelId, at } = touch;
  if (entry.examples.length < EXAMPLES)
    entry.examples.push({ touchId, accountId, contactId, channelId, at, because: refusal.because });
}
