import type { ClientBase } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { Transaction, Transactions } from '../shared/index.js';

class PostgresTransaction extends Transaction {
  readonly underWay = true;

  constructor(readonly manager: EntityManager) {
    super();
  }
}

/** The entity manager inside a transaction: how files that touch SQL take part in it. */
export function managerOf(within: Transaction): EntityManager {
  if (within instanceof PostgresTransaction) return within.manager;
  throw new Error('This transaction was not opened by PostgresTransactions');
}

/** SQLSTATE of failures that a second try mends: serialisation failure, deadlock. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 5;

export class PostgresTransactions extends Transactions {
  constructor(private readonly database: DataSource) {
    super();
  }

  async run<Value>(work: (within: Transaction) => Promise<Value>): Promise<Value> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.once(work);
      } catch (cause) {
        if (tried >= TRIES || !TRY_AGAIN.has(sqlState(cause))) throw cause;
      }
    }
  }

  /** The first statement of the work goes out together with the start. */
  private async once<Value>(work: (within: Transaction) => Promise<Value>): Promise<Value> {
    const runner = this.database.createQueryRunner();
    try {
      const client = (await runner.connect()) as ClientBase;
      const started = client.query('start transaction');
      // Whatever comes after it fails too.
      started.catch(() => undefined);
      heldOpen(runner);
      try {
        const value = await work(new PostgresTransaction(runner.manager));
        await started;
        await client.query('commit');
        return value;
      } catch (cause) {
        // The first failure is what is told of.
        await client.query('rollback').catch(() => undefined);
        throw cause;
      }
    } finally {
      await runner.release();
    }
  }
}

/** What runs over it takes part in the transaction, and begins none of its own. */
function heldOpen(runner: QueryRunner): void {
  const startTransaction = () => Promise.reject(new Error('Transactions do not nest'));
  Object.assign(runner, { isTransactionActive: true, startTransaction });
}

/** SQLSTATE of an error that PostgreSQL gave; empty when it is something else. */
export function sqlState(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
