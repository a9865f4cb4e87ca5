import type { AccountId, ContactId } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import { HOUR } from '../shared/index.js';
import type { CompiledTriggerRule } from './rules/compile-rule.js';
import { looksAhead } from './rules/trigger-rules.js';
import type { EventRange, EvidenceEvent } from './firing.js';

/** Events shown with an alert, the newest. */
export const EVIDENCE_KEPT = 10;

/** Whom a rule counts for. */
export interface Subject {
  accountId: AccountId;
  /** Null: the account as a whole. */
  contactId: ContactId | null;
  subject: string;
}

export function subjectOf({ rule }: CompiledTriggerRule, event: AccountEvent): Subject {
  const { accountId, contactId } = event;
  if (rule.per === 'account') return { accountId, contactId, subject: '' };
  return { accountId, contactId, subject: contactId ?? '' };
}

/** Live events that came in time may make a rule fire; imports, replays and joined ones only count. */
export function mayFire({ rule }: CompiledTriggerRule, event: AccountEvent): boolean {
  if (event.origin !== 'live') return false;
  return event.recordedAt.getTime() - event.occurredAt.getTime() <= rule.maxLatenessHours * HOUR;
}

/** One rule and one subject, with all that decides whether the rule fires for it. */
export interface MatchQuestion {
  compiled: CompiledTriggerRule;
  /** Events that came just now, may make the rule fire, and satisfy its condition. */
  fresh: readonly AccountEvent[];
  /** All events of the subject that satisfy the condition, around the fresh ones and with them. */
  known: readonly AccountEvent[];
  /** Events of the subject that satisfy `unless`. */
  against: readonly AccountEvent[];
  /** Times for which the rule has fired for this subject. */
  earlier: readonly Date[];
}

export interface Match {
  at: Date;
  /** The newest event; it made the rule fire. */
  event: AccountEvent;
  evidence: EvidenceEvent[];
  dueAt: Date;
}

/**
 * The times at which a rule fires because of the fresh events. The window of an event reaches `withinHours` back from it,
 * its start excluded; the rule fires at an event whose window has enough events, and had not without the fresh ones, so
 * that it does not matter in which order the events of a window came. It never fires twice within its cool-down, on
 * either side of any border.
 */
export function matchesOf({ compiled, fresh, known, against, earlier }: MatchQuestion): Match[] {
  const { rule } = compiled;
  const isFresh = new Set(fresh.map(({ eventId }) => eventId));
  const sorted = inOrder(known);
  const fired = earlier.map((at) => at.getTime());
  const matches: Match[] = [];
  for (const [place, event] of sorted.entries()) {
    const at = event.occurredAt.getTime();
    const window = windowBefore(sorted, place, rule.withinHours * HOUR);
    if (window.length < rule.count || !becameEnough(window, rule.count, isFresh)) continue;
    if (rests(fired, at, rule.cooldownHours * HOUR)) continue;
    if (isContradicted(compiled, event.occurredAt, against)) continue;
    fired.push(at);
    matches.push({
      at: event.occurredAt,
      event,
      evidence: evidenceOf(window),
      dueAt: dueAt(compiled, event),
    });
  }
  return matches;
}

/** By time; at the same instant by id, so that the order of arrival does not matter. */
export function inOrder(events: readonly AccountEvent[]): AccountEvent[] {
  return [...events].sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.eventId < b.eventId ? -1 : 1),
  );
}

function windowBefore(sorted: readonly AccountEvent[], place: number, width: number): AccountEvent[] {
  const end = sorted[place]?.occurredAt.getTime() ?? 0;
  let first = place;
  while (first > 0 && end - (sorted[first - 1]?.occurredAt.getTime() ?? 0) < width) first -= 1;
  return sorted.slice(first, place + 1);
}

/** The newest event is fresh, or it is the fresh ones before it that complete the count. */
function becameEnough(window: readonly AccountEvent[], count: number, isFresh: ReadonlySet<string>): boolean {
  const newest = window.at(-1);
  if (newest && isFresh.has(newest.eventId)) return true;
  return window.filter(({ eventId }) => !isFresh.has(eventId)).length < count;
}

function rests(fired: readonly number[], at: number, cooldown: number): boolean {
  return fired.some((one) => one === at || Math.abs(one - at) < cooldown);
}

/** Whether `unless` speaks against firing at this time, as far as is known now. */
export function isContradicted(
  { rule, ...compiled }: CompiledTriggerRule,
  at: Date,
  against: readonly AccountEvent[],
): boolean {
  const { unless } = rule;
  if (!unless || !compiled.unless) return false;
  const width = unless.withinHours * HOUR;
  return against.some(({ occurredAt }) => {
    const later = occurredAt.getTime() - at.getTime();
    return unless.looks === 'ahead' ? later >= 0 && later <= width : later <= 0 && -later < width;
  });
}

function dueAt(compiled: CompiledTriggerRule, event: AccountEvent): Date {
  const { unless } = compiled.rule;
  if (!unless || !looksAhead(compiled)) return event.recordedAt;
  return new Date(event.occurredAt.getTime() + unless.withinHours * HOUR);
}

/** Newest first. */
export function evidenceOf(events: readonly AccountEvent[]): EvidenceEvent[] {
  return inOrder(events)
    .reverse()
    .slice(0, EVIDENCE_KEPT)
    .map(({ eventId, name, occurredAt }) => ({ eventId, name, at: occurredAt }));
}

/**
 * Number of the stretch of cool-down time that a firing falls into: with rule and subject it is unique in the store, so
 * that even who does not look first cannot fire twice in one. Without cool-down every millisecond is one.
 */
export function bucketOf({ rule }: CompiledTriggerRule, at: Date): number {
  return Math.floor(at.getTime() / Math.max(1, rule.cooldownHours * HOUR));
}

/** What has to be read of the log to answer for these fresh events; null when they alone decide. */
export function rangeFor(
  { rule, when, unless }: CompiledTriggerRule,
  accountId: AccountId,
  fresh: readonly AccountEvent[],
): EventRange | null {
  const counts = rule.count > 1;
  if ((!counts && !unless) || fresh.length === 0) return null;
  const times = fresh.map(({ occurredAt }) => occurredAt.getTime());
  const window = counts ? rule.withinHours * HOUR : 0;
  const guard = rule.unless ? rule.unless.withinHours * HOUR : 0;
  const names = [...(counts ? [when.event] : []), ...(unless ? [unless.event] : [])];
  const reach = window + guard;
  return {
    accountId,
    names,
    // windows of events up to one width later may be completed, and their own reach back again
    from: new Date(Math.min(...times) - reach - 1),
    to: new Date(Math.max(...times) + reach),
  };
}
