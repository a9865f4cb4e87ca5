import type { AccountId, ProductId } from '../../catalogue/index.js';

/** Everything that was bought up to a moment, in columns; by account, then by time. */
export interface PurchaseHistory {
  accounts: readonly AccountId[];
  products: readonly ProductId[];
  orders: {
    /** Place in `accounts`. */
    account: Int32Array;
    /** Unix milliseconds. */
    at: Float64Array;
    /** In the configured currency; NaN where the order does not say. */
    value: Float64Array;
  };
  /** One for each product of an order, however many lines of the order name it. */
  lines: {
    /** Place in `orders`. */
    order: Int32Array;
    /** Place in `products`. */
    product: Int32Array;
  };
}

/** Reads what accounts bought; the log of events fills it. */
export abstract class PurchaseHistories {
  /** Orders before `asOf`. */
  abstract until(asOf: Date): Promise<PurchaseHistory>;
}

/** One order on its way into the columns. */
export interface Order {
  accountId: AccountId;
  at: number;
  value: number | null;
  productIds: readonly ProductId[];
}

/** Columns that grow as orders come in. */
export class HistoryBuilder {
  private readonly accounts = new Map<AccountId, number>();
  private readonly products = new Map<ProductId, number>();
  private readonly account: number[] = [];
  private readonly at: number[] = [];
  private readonly value: number[] = [];
  private readonly order: number[] = [];
  private readonly product: number[] = [];

  add({ accountId, at, value, productIds }: Order): void {
    const order = this.at.push(at) - 1;
    this.account.push(place(this.accounts, accountId));
    this.value.push(value ?? NaN);
    for (const productId of new Set(productIds)) {
      this.order.push(order);
      this.product.push(place(this.products, productId));
    }
  }

  build(): PurchaseHistory {
    return {
      accounts: [...this.accounts.keys()],
      products: [...this.products.keys()],
      orders: {
        account: Int32Array.from(this.account),
        at: Float64Array.from(this.at),
        value: Float64Array.from(this.value),
      },
      lines: { order: Int32Array.from(this.order), product: Int32Array.from(this.product) },
    };
  }
}

function place<Name>(known: Map<Name, number>, name: Name): number {
  const found = known.get(name) ?? known.size;
  if (found === known.size) known.set(name, found);
  return found;
}
