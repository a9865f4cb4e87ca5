import { DAY, MINUTE } from '../../shared/index.js';
import type { Refusal, RuleOf } from '../rule.js';
import { dayOf, fromWall, toWall } from './local-time.js';
import { restOn } from './rest-days.js';

type QuietHours = RuleOf<'quiet-hours'>;

/** Part of a local day, in wall milliseconds, its end excluded. */
interface Quiet {
  from: number;
  to: number;
  because: string;
}

/** Nobody rests longer without a break; a rule that never ends answers without an end. */
const LONGEST_REST_DAYS = 60;
/** Windows whose answer is kept, before all are forgotten. */
const KEPT_ANSWERS = 20_000;
const KEPT_DAYS = 5_000;

/** Quiet hours of one rule in one time zone and country. Windows repeat over accounts, so that answers are kept. */
export class QuietCalendar {
  private readonly days = new Map<number, readonly Quiet[]>();
  private readonly answers = new Map<number, Refusal | null>();

  constructor(
    private readonly rule: QuietHours,
    private readonly zone: string,
    private readonly country: string | null,
  ) {}

  /** The refusal of a window that overlaps quiet time (Unix milliseconds; an instant when both ends are the same). */
  refusal(from: number, to: number): Refusal | undefined {
    const key = answerKey(from, to);
    if (key === undefined) return this.work(from, to);
    let answer = this.answers.get(key);
    if (answer === undefined) {
      if (this.answers.size >= KEPT_ANSWERS) this.answers.clear();
      this.answers.set(key, (answer = this.work(from, to) ?? null));
    }
    return answer ?? undefined;
  }

  private work(from: number, to: number): Refusal | undefined {
    const wallFrom = toWall(this.zone, from);
    const wallTo = toWall(this.zone, to);
    const quiet = this.overlapping(wallFrom, wallTo);
    if (!quiet) return undefined;
    const end = this.endOfQuiet(quiet.to);
    return {
      rule: 'quiet-hours',
      ruleId: this.rule.ruleId,
      because: `${quiet.because}.`,
      until: end === undefined ? null : new Date(fromWall(this.zone, end)),
    };
  }

  private overlapping(from: number, to: number): Quiet | undefined {
    const lastDay = dayOf(Math.max(from, to - 1));
    for (let day = dayOf(from); day <= lastDay; day += 1) {
      const quiet = this.on(day).find((part) => part.to > from && (part.from < to || part.from <= from));
      if (quiet) return quiet;
    }
    return undefined;
  }

  /** When it is no longer quiet, from the end of one quiet part on. */
  private endOfQuiet(partEnd: number): number | undefined {
    let end = partEnd;
    const limit = partEnd + LONGEST_REST_DAYS * DAY;
    while (end < limit) {
      const next = this.on(dayOf(end)).find((part) => part.from <= end && end < part.to);
      if (!next) return end;
      end = next.to;
    }
    return undefined;
  }

  private on(day: number): readonly Quiet[] {
    let parts = this.days.get(day);
    if (!parts) {
      if (this.days.size >= KEPT_DAYS) this.days.clear();
      this.days.set(day, (parts = this.partsOf(day)));
    }
    return parts;
  }

  private partsOf(day: number): Quiet[] {
    const midnight = day * DAY;
    const parts: Quiet[] = [];
    const rest = restOn(day, this.country, this.rule.restDays);
    if (rest)
      parts.push({ from: midnight + rest.fromMinute * MINUTE, to: midnight + DAY, because: rest.because });
    const from = midnight + minutesOf(this.rule.from) * MINUTE;
    const to = midnight + minutesOf(this.rule.to) * MINUTE;
    const because = `${this.rule.from}–${this.rule.to} is quiet time for the contact (${this.zone})`;
    if (from < to) parts.push({ from, to, because });
    if (from > to) parts.push({ from: midnight, to, because }, { from, to: midnight + DAY, because });
    return parts;
  }
}

/** Minutes after midnight of HH:MM. */
function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

const MOST_MINUTES = 2 ** 14;

/** One number for a window on whole minutes and shorter than eleven days; others are worked out each time. */
function answerKey(from: number, to: number): number | undefined {
  const minutes = (to - from) / MINUTE;
  if (from % MINUTE !== 0 || !Number.isInteger(minutes) || minutes >= MOST_MINUTES) return undefined;
  return (from / MINUTE) * MOST_MINUTES + minutes;
}

const calendars = new WeakMap<QuietHours, Map<string, QuietCalendar>>();

/** The calendar of a rule for a zone and country, made once for as long as the rule is in memory. */
export function quietCalendar(rule: QuietHours, zone: string, country: string | null): QuietCalendar {
  let ofRule = calendars.get(rule);
  if (!ofRule) calendars.set(rule, (ofRule = new Map()));
  const key = `${zone} ${country ?? ''}`;
  let calendar = ofRule.get(key);
  if (!calendar) ofRule.set(key, (calendar = new QuietCalendar(rule, zone, country)));
  return calendar;
}
