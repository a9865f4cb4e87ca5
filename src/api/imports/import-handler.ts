import type { Caller, Scope } from '../../access/index.js';
import type { RowOfCells } from '../../catalogue/index.js';
import type { FieldProblem, Result } from '../../shared/index.js';

/** One object of a file, and the line on which it ends. */
export interface ImportedRow {
  line: number;
  value: unknown;
}

/** A row that was not taken: where, and how to mend it. */
export interface RowRefused {
  line: number;
  pointer: string;
  reason: string;
}

export interface BatchTaken {
  accepted: number;
  /** Rows that were there already; only kinds that deduplicate count them. */
  duplicates?: number;
  refused: RowRefused[];
}

/** Takes the rows of one kind, a thousand at a time. */
export abstract class ImportHandler {
  /** As in POST /imports/{kind}. */
  abstract readonly kind: string;
  abstract readonly scope: Scope;
  /** How the cells of a CSV with this header become a row; refuses unknown columns by name. */
  abstract header(names: readonly string[]): Promise<Result<RowOfCells, FieldProblem[]>>;
  abstract save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken>;
}

/** The kinds that can be imported: each module that brings a handler lists it here. */
export class ImportHandlers {
  private readonly byKind: ReadonlyMap<string, ImportHandler>;

  constructor(handlers: readonly ImportHandler[]) {
    this.byKind = new Map(handlers.map((handler) => [handler.kind, handler]));
  }

  get kinds(): string[] {
    return [...this.byKind.keys()];
  }

  of(kind: string): ImportHandler | undefined {
    return this.byKind.get(kind);
  }
}

/** One entry for a row, whatever the number of its problems. */
export function rowRefused(line: number, problems: readonly FieldProblem[]): RowRefused {
  const [first, ...others] = problems;
  const more = others.map(({ pointer, detail }) => `; ${pointer}: ${detail}`).join('');
  return { line, pointer: first?.pointer ?? '', reason: `${first?.detail ?? 'is not valid'}${more}` };
}
