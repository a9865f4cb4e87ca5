import type { DataSource, EntityManager } from 'typeorm';
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
        return await this.database.transaction((manager) => work(new PostgresTransaction(manager)));
      } catch (cause) {
        if (tried >= TRIES || !TRY_AGAIN.has(sqlState(cause))) throw cause;
      }
    }
  }
}

/** SQLSTATE of an error that PostgreSQL gave; empty when it is something else. */
export function sqlState(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
