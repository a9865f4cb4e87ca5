import { DateTime } from 'luxon';
import type { Role } from '../catalogue/index.js';
import type { DismissalReason, PastDismissal } from '../contact-policy/index.js';
import type { AvoidedHours, Lowering } from '../recommender/index.js';
import { DAY, HOUR } from '../shared/index.js';
import type { StandingSuggestion } from './suggestion.js';

/** A factor under 1 that goes back to 1 by half every so many days. */
export interface Fading {
  factor: number;
  halfLifeDays: number;
}

/** What a reason of dismissal does beside the rest that the contact rules declare for it. */
export interface DismissalEffect {
  /** Whether it was done (by whomever), or refused. */
  countsAs: 'done' | 'refused';
  /** What else that stands gives way: the same for the contact on every other channel, or the action for everybody there. */
  closes: 'the same for the contact' | 'the action for the account' | null;
  /** What counts less from then on. */
  lowers?: Fading & { what: 'product of the account' | 'channel of the contact' };
  /** How much less the hours of its slot are worth for this contact: in the same hours of that weekday, and of others. */
  movesSlot?: { sameDay: number; otherDays: number; halfLifeDays: number };
  /** Whose task it is to say whether the action is allowed; until then the account is not suggested it. */
  reviewBy?: Role;
}

/** Every reason has its effect here; one left out does not compile. How long what rests is in the contact rules. */
export const dismissalEffects: Readonly<Record<DismissalReason, DismissalEffect>> = {
  'already-done': { countsAs: 'done', closes: 'the same for the contact' },
  'wrong-time': {
    countsAs: 'refused',
    closes: null,
    movesSlot: { sameDay: 0.2, otherDays: 0.5, halfLifeDays: 60 },
  },
  'wrong-product': {
    countsAs: 'refused',
    closes: null,
    lowers: { what: 'product of the account', factor: 0.3, halfLifeDays: 90 },
  },
  'wrong-channel': {
    countsAs: 'refused',
    closes: null,
    lowers: { what: 'channel of the contact', factor: 0.4, halfLifeDays: 90 },
  },
  'not-compliant': { countsAs: 'refused', closes: 'the action for the account', reviewBy: 'compliance' },
  other: { countsAs: 'refused', closes: null },
};

/** Of what stands beside a suggestion, what gives way with it. */
export function closedWith<One extends StandingSuggestion>(
  { closes }: DismissalEffect,
  suggestion: StandingSuggestion,
  others: readonly One[],
): One[] {
  if (closes === null) return [];
  return others.filter(
    (other) =>
      other.suggestionId !== suggestion.suggestionId &&
      other.actionId === suggestion.actionId &&
      (closes === 'the action for the account' ||
        (other.contactId === suggestion.contactId && other.productId === suggestion.productId)),
  );
}

/** Days after which no effect is left that would change an order: the past is read as far back. */
export const EFFECT_DAYS = 365;

/** 1 − (1 − factor) × 2 ^ (−age / half-life), in [factor, 1]. */
export function faded({ factor, halfLifeDays }: Fading, ageDays: number): number {
  return 1 - (1 - factor) * 2 ** (-Math.max(0, ageDays) / halfLifeDays);
}

/** What counts less for an account because of what was dismissed. */
export function loweringsOf(dismissals: readonly PastDismissal[], at: Date): Lowering[] {
  return dismissals.flatMap((dismissal): Lowering[] => {
    if (dismissal.reason === 'completed') return [];
    const { lowers } = dismissalEffects[dismissal.reason];
    const age = (at.getTime() - dismissal.at.getTime()) / DAY;
    if (!lowers || age < 0 || age > EFFECT_DAYS) return [];
    const factor = faded(lowers, age);
    const day = dismissal.at.toISOString().slice(0, 10);
    if (lowers.what === 'channel of the contact') {
      const because = `The channel was called wrong for this contact on ${day}`;
      return [
        { productId: null, channelId: dismissal.channelId, contactId: dismissal.contactId, factor, because },
      ];
    }
    if (dismissal.productId === null) return [];
    const because = `The product was called wrong for this account on ${day}`;
    return [{ productId: dismissal.productId, channelId: null, contactId: null, factor, because }];
  });
}

/** Hours of the week that are worth less for a contact because a slot in them was called wrong. */
export function avoidedHoursOf(dismissals: readonly PastDismissal[], at: Date): AvoidedHours[] {
  return dismissals.flatMap((dismissal): AvoidedHours[] => {
    if (dismissal.reason === 'completed') return [];
    const { movesSlot } = dismissalEffects[dismissal.reason];
    const { slot } = dismissal;
    const age = (at.getTime() - dismissal.at.getTime()) / DAY;
    if (!movesSlot || !slot || age < 0 || age > EFFECT_DAYS) return [];
    const from = DateTime.fromJSDate(slot.from, { zone: slot.timeZone });
    const { sameDay, otherDays, halfLifeDays } = movesSlot;
    return [
      {
        contactId: dismissal.contactId,
        hour: (from.weekday - 1) * 24 + from.hour,
        hours: Math.max(1, Math.ceil((slot.to.getTime() - slot.from.getTime()) / HOUR)),
        sameDay: faded({ factor: sameDay, halfLifeDays }, age),
        otherDays: faded({ factor: otherDays, halfLifeDays }, age),
      },
    ];
  });
}
