import type { Pasts } from './pasts.js';

/** How many accounts bought both of two items; each pair is counted once and remembered. */
export class CoBuyers {
  private readonly buyers: number[][];
  private readonly counted = new Map<number, number>();

  constructor(private readonly pasts: Pick<Pasts, 'items' | 'accounts'>) {
    this.buyers = Array.from({ length: pasts.items }, () => []);
    pasts.accounts.forEach((past, account) => {
      for (const item of past.keys()) this.buyers[item]?.push(account);
    });
  }

  of(one: number, other: number): number {
    const key = one * this.pasts.items + other;
    let count = this.counted.get(key);
    if (count === undefined) {
      const [fewer, more] =
        (this.buyers[one]?.length ?? 0) < (this.buyers[other]?.length ?? 0) ? [one, other] : [other, one];
      count = (this.buyers[fewer] ?? []).filter((account) => this.pasts.accounts[account]?.has(more)).length;
      this.counted.set(key, count);
    }
    return count;
  }
}
