import type { DataSource } from 'typeorm';
import type { AccountId, ProductId } from '../../catalogue/index.js';
import { HistoryBuilder, PurchaseHistories, type PurchaseHistory } from './purchase-history.js';

/** Orders that are in memory as rows at a time. */
const FETCHED = 20_000;

const ORDERS = `
  declare orders no scroll cursor for
  select account_id, extract(epoch from occurred_at)::float8 * 1000 as at, properties -> 'value' as value,
         properties -> 'productId' as product, properties -> 'productIds' as products
    from events
   where name = 'Order Completed' and occurred_at < $1
   order by account_id, occurred_at, event_id`;

interface OrderRow {
  account_id: AccountId;
  at: number;
  value: unknown;
  product: unknown;
  products: unknown;
}

export class PostgresPurchaseHistories extends PurchaseHistories {
  constructor(private readonly database: DataSource) {
    super();
  }

  until(asOf: Date): Promise<PurchaseHistory> {
    return this.database.transaction(async (manager) => {
      const history = new HistoryBuilder();
      await manager.query(ORDERS.replace('$1', `'${asOf.toISOString()}'`));
      for (;;) {
        const rows = await manager.query<OrderRow[]>(`fetch ${FETCHED} from orders`);
        for (const { account_id, at, value, product, products } of rows) {
          const productIds = [product, ...(Array.isArray(products) ? (products as unknown[]) : [])];
          history.add({
            accountId: account_id,
            at: Math.round(at),
            value: typeof value === 'number' ? value : null,
            productIds: productIds.filter(isProductId),
          });
        }
        if (rows.length < FETCHED) return history.build();
      }
    });
  }
}

function isProductId(value: unknown): value is ProductId {
  return typeof value === 'string' && value !== '';
}
