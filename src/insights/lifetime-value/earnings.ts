import type { AccountId, Catalogue } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import { earnedBy, meanMarginShare, touchCostPerWeek } from './margins.js';

/** What was earned by each purchase of each account, and what keeping in touch costs; in columns. */
export interface Earnings {
  accounts: readonly AccountId[];
  /** By account; in the configured currency a week. */
  costPerWeek: Float64Array;
  /** Place in `accounts`, of each purchase; by account, then by time. */
  account: Int32Array;
  /** Unix milliseconds. */
  at: Float64Array;
  /** In the configured currency: margin less discounts and refunds. */
  margin: Float64Array;
}

/** Reads what was earned; the log of events fills it. */
export abstract class EarningsLog {
  /** From purchases, refunds and touches before `asOf`. */
  abstract until(asOf: Date, catalogue: Catalogue): Promise<Earnings>;
}

/** Columns that grow account by account. */
export class EarningsBuilder {
  private readonly accounts: AccountId[] = [];
  private readonly costs: number[] = [];
  private readonly account: number[] = [];
  private readonly at: number[] = [];
  private readonly margin: number[] = [];
  private readonly share: number;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly asOf: Date,
  ) {
    this.share = meanMarginShare(catalogue);
  }

  /** Orders, refunds and touches of one account, oldest first. One that bought nothing is left out. */
  add(accountId: AccountId, events: readonly AccountEvent[]): void {
    const earned = earnedBy(accountId, events, this.catalogue, this.share);
    if (earned.length === 0) return;
    const place = this.accounts.push(accountId) - 1;
    this.costs.push(touchCostPerWeek(events, this.catalogue, this.asOf));
    for (const { at, value } of earned) {
      this.account.push(place);
      this.at.push(at.getTime());
      this.margin.push(value);
    }
  }

  build(): Earnings {
    return {
      accounts: this.accounts,
      costPerWeek: Float64Array.from(this.costs),
      account: Int32Array.from(this.account),
      at: Float64Array.from(this.at),
      margin: Float64Array.from(this.margin),
    };
  }
}
