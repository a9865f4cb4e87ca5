import type { Caller } from '../../access/index.js';
import {
  type CatalogueEditor,
  type CatalogueKind,
  type CatalogueRecords,
  type Catalogues,
  type RecordParser,
  type RowOfCells,
} from '../../catalogue/index.js';
import type { FieldProblem, Result } from '../../shared/index.js';
import { actorOf } from '../catalogue/actor.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

/** Records of one kind of the catalogue; a row has the ids that the path of a PUT would have. */
export class CatalogueImport<Kind extends CatalogueKind> extends ImportHandler {
  readonly scope = 'catalogue';

  constructor(
    readonly kind: Kind,
    private readonly parser: RecordParser,
    private readonly editor: CatalogueEditor,
    private readonly catalogues: Catalogues,
  ) {
    super();
  }

  async header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>> {
    const { schemas } = await this.catalogues.current();
    return this.parser.header(this.kind, names, schemas);
  }

  async save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken> {
    const records: CatalogueRecords[Kind][] = [];
    const lines: number[] = [];
    const refused = [];
    for (const { line, value } of rows) {
      const parsed = this.parser.parse(this.kind, value);
      if (parsed.ok) {
        records.push(parsed.value);
        lines.push(line);
      } else refused.push(rowRefused(line, parsed.error));
    }
    const answer = await this.editor.put(this.kind, records, actorOf(caller));
    refused.push(...answer.refused.map(({ index, problems }) => rowRefused(lines[index] ?? 0, problems)));
    return { accepted: answer.saved, refused };
  }
}
