import {
  type AccountId,
  type ContactId,
  type OutcomeId,
  readHeader,
  recordFields,
  type RowOfCells,
} from '../../catalogue/index.js';
import type { DecisionId, SuggestionId } from '../../recommender/index.js';
import type { FieldProblem, Result } from '../../shared/index.js';
import type { OutcomeReport, RecordOutcome } from '../../workflows/index.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

const { id, number, optional, shape, time } = recordFields;

const report = shape({
  outcomeRef: id(),
  outcomeId: id<OutcomeId>(),
  accountId: id<AccountId>(),
  contactId: optional(id<ContactId>()),
  value: optional(number(-Infinity, Infinity)),
  occurredAt: time(),
  decisionId: optional(id<DecisionId>()),
  suggestionId: optional(id<SuggestionId>()),
});

/** Business facts, once each by their outcomeRef. */
export class OutcomesImport extends ImportHandler {
  readonly kind = 'outcomes';
  readonly scope = 'feedback';

  constructor(private readonly record: RecordOutcome) {
    super();
  }

  header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>> {
    return Promise.resolve(readHeader(report, names));
  }

  async save(rows: readonly ImportedRow[]): Promise<BatchTaken> {
    const reports: OutcomeReport[] = [];
    const lines: number[] = [];
    const refused = [];
    for (const { line, value } of rows) {
      const read = report.read(value, '');
      if (read.ok) {
        reports.push(read.value);
        lines.push(line);
      } else refused.push(rowRefused(line, read.error));
    }
    const answer = await this.record.many(reports);
    refused.push(...answer.refused.map(({ index, problems }) => rowRefused(lines[index] ?? 0, problems)));
    return { accepted: answer.recorded, refused };
  }
}
