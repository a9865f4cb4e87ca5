/** A file that cannot be read as what it should be: where, and what is wrong. Nothing of it is imported half. */
export class UnreadableFile extends Error {
  constructor(
    readonly file: string,
    /** 1-based line in the unpacked file; null: the file as a whole. */
    readonly line: number | null,
    readonly problem: string,
  ) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${problem}`);
  }
}

/** Runs `read` and says file and line with whatever it complains about. */
export function atLine<Value>(file: string, line: number, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BadRow) throw new UnreadableFile(file, line, cause.message);
    throw cause;
  }
}

/** A row that does not hold what its format promises. The message names the field and how it should look. */
export class BadRow extends Error {}
