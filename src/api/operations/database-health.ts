/** What readiness asks of the database. */
export abstract class DatabaseHealth {
  /** Throws when the database does not answer. */
  abstract answers(): Promise<void>;
  /** False while migrations are pending. */
  abstract isUpToDate(): Promise<boolean>;
}
