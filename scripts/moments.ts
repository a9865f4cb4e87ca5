import { InvalidArgumentError } from 'commander';

const DAY_OR_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A moment on the command line: ISO 8601; a day alone is its midnight, and without offset UTC is meant. */
export function momentOf(text: string): Date {
  const bare = DAY_OR_TIME.test(text) && text.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const moment = new Date(DAY_OR_TIME.test(text) ? (bare ? `${text}Z` : text) : NaN);
  if (Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('must be a day such as 2026-11-22 or a time such as 2026-11-22T09:30:00Z');
  }
  return moment;
}
