import { DateTime, IANAZone } from 'luxon';
import { HOUR, MINUTE } from '../../shared/index.js';
import type { AlertId, Announced } from '../alert.js';
import type { Firing } from '../firing.js';
import type { TriggerRule } from '../rules/trigger-rule.js';
import { type AlertSettings, URGENT_PRIORITY } from '../settings.js';

/** The morning until which the member is not disturbed, or null: she may be now. Where her zone is not known, she may. */
export function heldUntil(
  at: Date,
  timeZone: string | null,
  priority: number,
  { quietFrom, quietTo }: Pick<AlertSettings, 'quietFrom' | 'quietTo'>,
): Date | null {
  if (priority >= URGENT_PRIORITY || timeZone === null || !IANAZone.isValidZone(timeZone)) return null;
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  const now = local.toFormat('HH:mm');
  const overnight = quietFrom > quietTo;
  const quiet = overnight ? now >= quietFrom || now < quietTo : now >= quietFrom && now < quietTo;
  if (!quiet) return null;
  const [hour = 0, minute = 0] = quietTo.split(':').map(Number);
  const end = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (end <= local ? end.plus({ days: 1 }) : end).toJSDate();
}

/** The alert that one more of this hour is joined to; null: it asks for attention itself. `announced` oldest first. */
export function joinedTo(
  announced: readonly Announced[],
  at: Date,
  priority: number,
  { perMemberPerHour }: Pick<AlertSettings, 'perMemberPerHour'>,
): AlertId | null {
  if (priority >= URGENT_PRIORITY) return null;
  const recent = announced.filter(({ raisedAt }) => at.getTime() - raisedAt.getTime() < HOUR);
  return recent.length < perMemberPerHour ? null : (recent.at(-1)?.alertId ?? null);
}

/**
 * Until when the alert is worth acting on: the rule's hours from now, or the moment that the event itself names. A rule
 * that waits for something speaks of what did not happen since: the event's own moment is long over.
 */
export function validUntil(rule: TriggerRule, { at, event }: Pick<Firing, 'at' | 'event'>, now: Date): Date {
  const byRule = now.getTime() + rule.validHours * HOUR;
  const minutes = rule.unless?.looks === 'ahead' ? undefined : event.properties['validMinutes'];
  const byEvent =
    typeof minutes === 'number' && Number.isFinite(minutes) ? at.getTime() + minutes * MINUTE : Infinity;
  return new Date(Math.min(byRule, byEvent));
}

/** When the deputy is told if nobody has seen it; the night does not count. */
export function escalateAt(
  rule: TriggerRule,
  raisedAt: Date,
  held: Date | null,
  { escalateAfterMinutes }: Pick<AlertSettings, 'escalateAfterMinutes'>,
): Date {
  const minutes = rule.escalateAfterMinutes ?? escalateAfterMinutes;
  return new Date((held ?? raisedAt).getTime() + minutes * MINUTE);
}
