/** A database transaction under way, passed on explicitly to whatever must happen inside it. */
export abstract class Transaction {
  /** Tells a transaction from any other object. */
  abstract readonly underWay: true;
}

/** Opens transactions. Work that throws rolls everything back. Deadlocks and lost serialisation are tried again. */
export abstract class Transactions {
  abstract run<Value>(work: (within: Transaction) => Promise<Value>): Promise<Value>;
}
