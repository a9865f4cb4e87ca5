import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type AnsweredVisit, VisitAnswers, type VisitRecorded } from './record-visit-answers.js';
import type { VisitKey } from './record-visit-events.js';

export class PostgresVisitAnswers extends VisitAnswers {
  constructor(private readonly database: DataSource) {
    super();
  }

  async find({ source, visitRef }: VisitKey, within?: Transaction): Promise<AnsweredVisit | null> {
    const [row] = await (within ? managerOf(within) : this.database).query<AnsweredVisit[]>(
      `select account_id as "accountId", fingerprint, answer from visits where source = $1 and visit_ref = $2`,
      [source, visitRef],
    );
    return row ? { ...row, answer: revived(row.answer) } : null;
  }

  async keep(
    { source, visitRef }: VisitKey,
    { accountId, fingerprint, answer }: AnsweredVisit,
    at: Date,
    within: Transaction,
  ): Promise<void> {
    await managerOf(within).query(
      `insert into visits (source, visit_ref, account_id, fingerprint, answer, recorded_at)
       values ($1, $2, $3, $4, $5::jsonb, $6)`,
      [source, visitRef, accountId, fingerprint, JSON.stringify(answer), at],
    );
  }
}

/** Times are text in the row. */
function revived(answer: VisitRecorded): VisitRecorded {
  return {
    ...answer,
    recordedAt: new Date(answer.recordedAt),
    consents: answer.consents.map((one) => ({ ...one, recordedAt: new Date(one.recordedAt) })),
  };
}
