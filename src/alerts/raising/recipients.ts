import type { Assignment, MemberId } from '../../catalogue/index.js';
import type { EventProperties } from '../../events/index.js';
import type { Firing } from '../firing.js';
import type { TriggerRule } from '../rules/trigger-rule.js';

/**
 * Who is told: those whom the firing names; else the people of the place that the event names, where the rule knows
 * them; else the members of the account's team in the rule's role. Empty: nobody in particular.
 */
export function recipientsOf(
  rule: TriggerRule,
  { memberIds, event }: Pick<Firing, 'memberIds' | 'event'>,
  team: readonly Pick<Assignment, 'memberId' | 'role'>[],
): MemberId[] {
  if (memberIds && memberIds.length > 0) return [...new Set(memberIds)];
  const place = event.properties['placeId'];
  const there = typeof place === 'string' ? rule.places?.[place] : undefined;
  if (there && there.length > 0) return [...new Set(there)];
  return team.filter(({ role }) => role === rule.role).map(({ memberId }) => memberId);
}

/** The topics that an event names. */
export function topicsOfEvent({ topic, topics }: EventProperties): string[] {
  const listed = Array.isArray(topics) ? topics.filter((one) => typeof one === 'string') : [];
  return [...new Set([...(typeof topic === 'string' ? [topic] : []), ...listed])];
}
