import type { Caller } from '../../access/index.js';
import type { ImportedRow, ImportHandler, RowRefused } from './import-handler.js';
import type { ReadRow } from './read-rows.js';

/** What became of a file. */
export interface ImportAnswer {
  accepted: number;
  duplicates: number;
  /** The first thousand, by line. */
  rejected: RowRefused[];
  rejectedCount: number;
}

/** Rows of one transaction. */
const BATCH = 1000;
export const REJECTED_SHOWN = 1000;

/** Hands the rows to the handler a batch at a time; only one batch is in memory. */
export async function runImport(
  rows: AsyncIterable<ReadRow>,
  handler: ImportHandler,
  caller: Caller,
): Promise<ImportAnswer> {
  const answer: ImportAnswer = { accepted: 0, duplicates: 0, rejected: [], rejectedCount: 0 };
  let batch: ImportedRow[] = [];
  let unreadable: RowRefused[] = [];
  const take = async (): Promise<void> => {
    const taken = batch.length > 0 ? await handler.save(batch, caller) : { accepted: 0, refused: [] };
    const refused = [...unreadable, ...taken.refused].sort((a, b) => a.line - b.line);
    answer.accepted += taken.accepted;
    answer.duplicates += taken.duplicates ?? 0;
    answer.rejectedCount += refused.length;
    answer.rejected.push(...refused.slice(0, REJECTED_SHOWN - answer.rejected.length));
    batch = [];
    unreadable = [];
  };
  for await (const row of rows) {
    if ('unreadable' in row) unreadable.push({ line: row.line, pointer: '', reason: row.unreadable });
    else batch.push(row);
    if (batch.length + unreadable.length >= BATCH) await take();
  }
  await take();
  return answer;
}
