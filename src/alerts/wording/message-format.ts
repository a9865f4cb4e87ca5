/**
 * Messages with placeholders, as in ICU MessageFormat: `{contact}`, `{count, number}`, `{at, date}`, `{at, time}`,
 * `{at, datetime}` and `{count, plural, =1 {once} other {# times}}`. A brace is written `'{'`.
 */
export type MessageValue = string | number | Date;

/** What the language makes of numbers and times. */
export interface MessageLocale {
  /** BCP 47. */
  locale: string;
  /** IANA zone of the reader. */
  timeZone: string;
}

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'value'; name: string; as: string | null }
  | { kind: 'plural'; name: string; cases: Map<string, Part[]> }
  | { kind: 'count' };

const formats = ['number', 'date', 'time', 'datetime'] as const;

class FormatProblem extends Error {}

class Reader {
  private place = 0;

  constructor(private readonly text: string) {}

  message(inPlural: boolean): Part[] {
    const parts: Part[] = [];
    let text = '';
    const flush = () => {
      if (text) parts.push({ kind: 'text', text });
      text = '';
    };
    while (this.place < this.text.length) {
      const sign = this.text[this.place] ?? '';
      if (sign === "'" && /^'[{}#]/.test(this.text.slice(this.place))) text += this.quoted();
      else if (sign === '{') {
        flush();
        parts.push(this.argument());
      } else if (sign === '}') {
        if (!inPlural) throw new FormatProblem("has a } that closes nothing (a brace itself is written '}')");
        break;
      } else if (sign === '#' && inPlural) {
        flush();
        parts.push({ kind: 'count' });
        this.place += 1;
      } else {
        text += sign;
        this.place += 1;
      }
    }
    flush();
    return parts;
  }

  private quoted(): string {
    const end = this.text.indexOf("'", this.place + 1);
    if (end === -1) throw new FormatProblem("has a ' before a brace that is not closed by another");
    const inside = this.text.slice(this.place + 1, end);
    this.place = end + 1;
    return inside;
  }

  private argument(): Part {
    this.take('{');
    const name = this.word('the name of a placeholder');
    if (this.next('}')) return { kind: 'value', name, as: null };
    this.take(',');
    const as = this.word('number, date, time, datetime or plural');
    if (as === 'plural') {
      this.take(',');
      return { kind: 'plural', name, cases: this.cases() };
    }
    if (!formats.some((known) => known === as))
      throw new FormatProblem(`knows no format "${as}": use ${formats.join(', ')} or plural`);
    this.take('}');
    return { kind: 'value', name, as };
  }

  private cases(): Map<string, Part[]> {
    const cases = new Map<string, Part[]>();
    while (!this.next('}')) {
      const selector = this.word('a case such as one, other or =1', /^(=\d+|[a-z]+)/);
      this.take('{');
      cases.set(selector, this.message(true));
      this.take('}');
    }
    if (!cases.has('other')) throw new FormatProblem('has a plural without the case "other"');
    return cases;
  }

  private skip(): void {
    while (/\s/.test(this.text[this.place] ?? '')) this.place += 1;
  }

  private next(sign: string): boolean {
    this.skip();
    if (this.text[this.place] !== sign) return false;
    this.place += 1;
    return true;
  }

  private take(sign: string): void {
    if (!this.next(sign)) throw new FormatProblem(`needs a ${sign} at character ${this.place + 1}`);
  }

  private word(what: string, shape = /^[A-Za-z][A-Za-z0-9]*/): string {
    this.skip();
    const [found] = shape.exec(this.text.slice(this.place)) ?? [];
    if (found === undefined) throw new FormatProblem(`needs ${what} at character ${this.place + 1}`);
    this.place += found.length;
    return found;
  }
}

const parsed = new Map<string, Part[]>();
const KEPT = 500;

function parse(text: string): Part[] {
  const known = parsed.get(text);
  if (known) return known;
  const parts = new Reader(text).message(false);
  if (parsed.size >= KEPT) parsed.clear();
  parsed.set(text, parts);
  return parts;
}

/** What is wrong with a message, or null. Only the names given may be used. */
export function checkFormat(text: string, names: readonly string[]): string | null {
  try {
    const unknown = namesIn(parse(text)).find((name) => !names.includes(name));
    return unknown === undefined
      ? null
      : `knows no placeholder {${unknown}}: there are ${names.map((name) => `{${name}}`).join(', ')}`;
  } catch (cause) {
    if (cause instanceof FormatProblem) return cause.message;
    throw cause;
  }
}

function namesIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'value') return [part.name];
    if (part.kind === 'plural') return [part.name, ...[...part.cases.values()].flatMap(namesIn)];
    return [];
  });
}

/** The message in words; a value that is not given is left out. */
export function formatMessage(
  text: string,
  values: Readonly<Record<string, MessageValue | undefined>>,
  locale: MessageLocale,
): string {
  return write(parse(text), values, locale, undefined).replace(/ {2,}/g, ' ').trim();
}

function write(
  parts: readonly Part[],
  values: Readonly<Record<string, MessageValue | undefined>>,
  locale: MessageLocale,
  count: number | undefined,
): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'count') return show(count, 'number', locale);
      const value = values[part.name];
      if (part.kind === 'value') return show(value, part.as, locale);
      const number = Number(value ?? 0);
      const chosen =
        part.cases.get(`=${number}`) ??
        part.cases.get(new Intl.PluralRules(locale.locale).select(number)) ??
        part.cases.get('other') ??
        [];
      return write(chosen, values, locale, number);
    })
    .join('');
}

function show(
  value: MessageValue | undefined,
  as: string | null,
  { locale, timeZone }: MessageLocale,
): string {
  if (value === undefined) return '';
  if (as === 'date' || as === 'time' || as === 'datetime' || value instanceof Date) {
    const at = value instanceof Date ? value : new Date(value);
    if (Number.isNaN(at.getTime())) return String(value);
    return new Intl.DateTimeFormat(locale, {
      timeZone,
      ...(as === 'time' ? {} : { dateStyle: 'long' }),
      ...(as === 'date' ? {} : { timeStyle: 'short' }),
    }).format(at);
  }
  if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value);
  return value;
}
