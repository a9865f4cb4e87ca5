import type { AccountEvent } from '../events/index.js';
import { HOUR } from '../shared/index.js';
import { inOrder, type Match, matchesOf, type Subject, subjectOf } from './matching.js';
import type { CompiledTriggerRule } from './rules/compile-rule.js';

export interface DryMatch extends Match, Subject {}

/**
 * What a rule would have raised of an account's past, judged by the same code as live events, one event at a time in
 * order of time. Imported history counts as if it had come live; visitors' events that were joined later do not fire,
 * and neither does what came later than the rule allows.
 */
export function dryRunOf(
  compiled: CompiledTriggerRule,
  /** Events of one account that satisfy the rule's condition, with those before the period that windows reach. */
  matching: readonly AccountEvent[],
  /** Events of the account that satisfy `unless`, with those after the period that it waits for. */
  against: readonly AccountEvent[],
  period: { from: Date; to: Date },
): { matchedEvents: number; matches: DryMatch[] } {
  const bySubject = new Map<string, AccountEvent[]>();
  const matches: DryMatch[] = [];
  const fired = new Map<string, Date[]>();
  let matchedEvents = 0;
  for (const event of inOrder(matching)) {
    const subject = subjectOf(compiled, event);
    const known = bySubject.get(subject.subject) ?? [];
    known.push(event);
    bySubject.set(subject.subject, known);
    const inPeriod = event.occurredAt >= period.from && event.occurredAt <= period.to;
    if (!inPeriod) continue;
    matchedEvents += 1;
    if (!mayHaveFired(compiled, event)) continue;
    const earlier = fired.get(subject.subject) ?? [];
    const found = matchesOf({
      compiled,
      fresh: [event],
      known: recent(known, compiled),
      against: against.filter((one) => sameSubject(compiled, one, subject)),
      earlier,
    });
    fired.set(subject.subject, [...earlier, ...found.map(({ at }) => at)]);
    matches.push(...found.map((match) => ({ ...match, ...subject })));
  }
  return { matchedEvents, matches };
}

function mayHaveFired(
  { rule }: CompiledTriggerRule,
  { origin, recordedAt, occurredAt }: AccountEvent,
): boolean {
  return origin !== 'joined' && recordedAt.getTime() - occurredAt.getTime() <= rule.maxLatenessHours * HOUR;
}

function recent(known: readonly AccountEvent[], { rule }: CompiledTriggerRule): AccountEvent[] {
  const newest = known.at(-1)?.occurredAt.getTime() ?? 0;
  return known.filter(({ occurredAt }) => newest - occurredAt.getTime() <= rule.withinHours * HOUR);
}

/** Whether an event speaks for (or against) the same contact or account. */
export function sameSubject(compiled: CompiledTriggerRule, event: AccountEvent, subject: Subject): boolean {
  return event.accountId === subject.accountId && subjectOf(compiled, event).subject === subject.subject;
}
