import type { AuditTrail } from '../access/index.js';
import {
  type IncrementalEntry,
  type IncrementalStore,
  maySwitch,
  type SwitchAsked,
  type SwitchRefused,
} from '../learning/index.js';
import { type Clock, err, ok, type Result, type Transactions } from '../shared/index.js';

export interface SwitchIncrementalParts {
  transactions: Transactions;
  store: IncrementalStore;
  audit: AuditTrail;
  clock: Clock;
}

export interface IncrementalRefused {
  code: SwitchRefused['code'] | 'unknown-head';
  detail: string;
}

/** What the whole catalogue is valued by: never one action by itself. */
export class SwitchIncremental {
  constructor(private readonly parts: SwitchIncrementalParts) {}

  /** Null: by propensity again, which needs no proof. Every process decides so from its next question on. */
  async run(
    version: string | null,
    asked: SwitchAsked & { actor: string },
  ): Promise<Result<IncrementalEntry | null, IncrementalRefused>> {
    const { transactions, store, audit, clock } = this.parts;
    return transactions.run(async (within) => {
      const entries = await store.list(within);
      const before = entries.find(({ serving }) => serving)?.version ?? null;
      const wanted = entries.find((entry) => entry.version === version);
      if (version !== null && !wanted)
        return err({ code: 'unknown-head' as const, detail: `There is no incremental head ${version}.` });
      const verdict = wanted ? maySwitch(wanted.card, asked) : ok({ unproven: false });
      if (!verdict.ok) return verdict;
      const { unproven } = verdict.value;
      await store.serve(version, { at: clock.now(), reason: asked.reason, unproven }, within);
      const detail = {
        from: before ?? 'propensity',
        to: version ?? 'propensity',
        reason: asked.reason,
        unproven,
      };
      const subjectId = version ?? before ?? 'propensity';
      await audit.record(
        [
          {
            actor: asked.actor,
            action: 'incremental.switched',
            subjectKind: 'incremental-head',
            subjectId,
            detail,
          },
        ],
        within,
      );
      return ok((await store.list(within)).find(({ serving }) => serving) ?? null);
    });
  }
}
