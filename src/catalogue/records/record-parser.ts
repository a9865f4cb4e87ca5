import { type FieldProblem, ok, type Result } from '../../shared/index.js';
import type { CatalogueKind, CatalogueRecords } from '../catalogue-editor.js';
import type { AttributeSchemas } from '../expressions.js';
import { attributesFromCells } from './attributes.js';
import { columnNames, readHeader, type RowOfCells } from './csv-columns.js';
import { isObject, type Reader } from './reader.js';
import { type RecordDefaults, type RecordReaders, recordReaders } from './record-readers.js';

export const catalogueKinds = [
  'attribute-schemas',
  'accounts',
  'contacts',
  'team-members',
  'assignments',
  'products',
  'content',
  'channels',
  'outcome-definitions',
  'actions',
  'treatments',
] as const satisfies readonly CatalogueKind[];

/** Reads records of the catalogue as they come from outside: one JSON value, or the rows of a CSV. Pure. */
export class RecordParser {
  private readonly readers: RecordReaders;

  constructor(defaults: RecordDefaults) {
    this.readers = recordReaders(defaults);
  }

  /** One record, with the defaults filled in; or every bad field with a pointer into `value`. */
  parse<Kind extends CatalogueKind>(
    kind: Kind,
    value: unknown,
  ): Result<CatalogueRecords[Kind], FieldProblem[]> {
    const reader: Reader<CatalogueRecords[Kind]> = this.readers[kind];
    return reader.read(value, '');
  }

  columns(kind: CatalogueKind): string[] {
    return columnNames(this.readers[kind]);
  }

  /**
   * What turns the cells of a row into a value for `parse`. Refuses unknown columns, naming those that are allowed. With
   * schemas, cells of attributes become numbers and truths where these are declared.
   */
  header(
    kind: CatalogueKind,
    header: readonly string[],
    schemas?: AttributeSchemas,
  ): Result<RowOfCells, FieldProblem[]> {
    const result = readHeader(this.readers[kind], header);
    const schema =
      kind === 'accounts' ? schemas?.account : kind === 'contacts' ? schemas?.contact : undefined;
    if (!result.ok || !schema) return result;
    return ok((cells) => {
      const row = result.value(cells);
      if (!isObject(row.attributes)) return row;
      return { ...row, attributes: attributesFromCells(row.attributes as Record<string, string>, schema) };
    });
  }
}
