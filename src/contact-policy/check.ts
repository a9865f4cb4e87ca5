import {
  type CompiledConsent,
  compileConsents,
  type ConsentTimeline,
  nextConsentChange,
} from '../consent/index.js';
import type { ContactId } from '../catalogue/index.js';
import { compileRule, inOrder } from './compile-rules.js';
import type { IntendedTouch, TouchWindow } from './intended-touch.js';
import type { Refusal, RuleName, RuleSet } from './rule.js';
import type { CompiledRule, PolicySurroundings } from './rules/compiled-rule.js';
import { refusedByConsent } from './rules/consent.js';
import { type CompiledQuietHours, compileQuietHours } from './rules/quiet-hours.js';
import { compileOwnCaps } from './rules/own-cap.js';
import { compileReviews } from './rules/review.js';
import { refusedByStock } from './rules/stock.js';

/** Which windows of a list are open to a touch, and the first refusal when one is not. */
export interface OpenWindows {
  /** Places in the list, ascending. */
  open: readonly number[];
  refusal: Refusal | undefined;
}

/** Rules that are counted before quiet hours when several refuse. */
const BEFORE_QUIET_HOURS: ReadonlySet<RuleName> = new Set(['consent', 'cap', 'cool-down']);
/** Rules that are counted before stock. */
const BEFORE_STOCK: ReadonlySet<string> = new Set(['cap', 'cool-down', 'conversation-hold', 'offer-lock']);

/** The contact policy of one account at one time, ready for many touches and windows. */
export class CompiledContactPolicy {
  private readonly at: Date;
  private readonly consentOf: (contactId: ContactId) => CompiledConsent;
  private readonly beforeStock: CompiledRule[] = [];
  private readonly afterStock: CompiledRule[] = [];
  private readonly quietHours: CompiledQuietHours[] = [];
  private readonly windows = new WeakMap<readonly TouchWindow[], Map<ConsentTimeline, OpenWindows>>();
  /** The next time at which an answer may change by what is known now; null: not by itself. */
  readonly nextChange: Date | null;
  /** A consent names a product or a topic; else contact, channel and purpose of a touch decide about consent. */
  readonly consentNamesOffers: boolean;
  /** No rule speaks of this account: apart from consent, stock and time, its touches are judged as those of all. */
  readonly isGeneral: boolean;

  constructor(rules: RuleSet, surroundings: PolicySurroundings) {
    this.at = surroundings.at;
    this.consentOf = compileConsents(surroundings.consents);
    for (const rule of [compileOwnCaps(surroundings), compileReviews(surroundings)])
      if (rule) this.beforeStock.push(rule);
    for (const rule of inOrder(rules)) {
      if (rule.kind === 'quiet-hours') {
        this.quietHours.push(compileQuietHours(rule, surroundings));
        continue;
      }
      const compiled = compileRule(rule, rule.kind, surroundings);
      if (compiled) (BEFORE_STOCK.has(rule.kind) ? this.beforeStock : this.afterStock).push(compiled);
    }
    this.consentNamesOffers = surroundings.consents.some(
      ({ productId, topic }) => productId !== null || topic !== null,
    );
    this.isGeneral = this.beforeStock.length === 0 && this.afterStock.every((rule) => rule.forAllAccounts);
    this.nextChange = earliest([
      nextConsentChange(surroundings.consents, this.at),
      ...[...this.beforeStock, ...this.afterStock].map((rule) => rule.changesAt),
    ]);
  }

  /**
   * The first "no" to a touch that is considered now, in the order of `ruleNames`; undefined when it may be suggested.
   * When it may happen is asked of `allowedAt`: quiet hours are no reason against tomorrow's window.
   */
  check(touch: IntendedTouch): Refusal | undefined {
    return this.refusedByConsent(touch) ?? this.refusedByRules(touch, true);
  }

  /** The first half of `check`. */
  refusedByConsent(touch: IntendedTouch): Refusal | undefined {
    const timeline = this.consentOf(touch.contactId).timeline(touch);
    const now = this.at.getTime();
    return timeline.allowsAt(now) ? undefined : refusedByConsent(timeline.answerAt(now));
  }

  /** The second half of `check`; without stock, which changes with time, where that is asked for elsewhere. */
  refusedByRules(touch: IntendedTouch, withStock: boolean): Refusal | undefined {
    return (
      firstRefusal(this.beforeStock, touch) ??
      (withStock ? refusedByStock(touch, this.at) : undefined) ??
      firstRefusal(this.afterStock, touch)
    );
  }

  /** Every "no", in the order of `ruleNames`; with a window, also those that concern the window. */
  refusalsOf(touch: IntendedTouch, window?: TouchWindow): Refusal[] {
    const consent = this.consentOf(touch.contactId);
    const standing = [
      refusedByConsent(consent.answer(touch, this.at)) ?? (window && this.consentRefusal(touch, window)),
      ...this.beforeStock.map((rule) => rule.refuses(touch)),
      refusedByStock(touch, this.at),
      ...this.afterStock.map((rule) => rule.refuses(touch)),
    ].filter((refusal) => refusal !== undefined);
    if (!window) return standing;
    const quiet = this.quietHours
      .map((rule) => rule.refuses(touch, window))
      .filter((refusal) => refusal !== undefined);
    const later = standing.findIndex((refusal) => !BEFORE_QUIET_HOURS.has(refusal.rule));
    const place = later === -1 ? standing.length : later;
    return [...standing.slice(0, place), ...quiet, ...standing.slice(place)];
  }

  /** The "no" of consent or quiet hours to a window: consent must hold all through it, and none of it may be quiet. */
  allowedAt(touch: IntendedTouch, window: TouchWindow): Refusal | undefined {
    const refused = this.consentRefusal(touch, window);
    if (refused) return refused;
    for (const rule of this.quietHours) {
      const refusal = rule.refuses(touch, window);
      if (refusal) return refusal;
    }
    return undefined;
  }

  /**
   * `allowedAt` for a list of windows at once. Touches with the same contact, channel and purpose share the answer when
   * they pass the same list (the same array).
   */
  openWindows(touch: IntendedTouch, windows: readonly TouchWindow[]): OpenWindows {
    let kept = this.windows.get(windows);
    if (!kept) this.windows.set(windows, (kept = new Map()));
    const timeline = this.consentOf(touch.contactId).timeline(touch);
    let answer = kept.get(timeline);
    if (!answer) kept.set(timeline, (answer = this.judgeWindows(touch, windows)));
    return answer;
  }

  /** The first "no" to a touch that begins at this instant: the whole policy, quiet hours included. */
  refusesToBegin(touch: IntendedTouch): Refusal | undefined {
    return this.refusalsOf(touch, { from: this.at, to: this.at })[0];
  }

  private judgeWindows(touch: IntendedTouch, windows: readonly TouchWindow[]): OpenWindows {
    const open: number[] = [];
    let first: Refusal | undefined;
    for (const [place, window] of windows.entries()) {
      const refusal = this.allowedAt(touch, window);
      if (refusal) first ??= refusal;
      else open.push(place);
    }
    return { open, refusal: first };
  }

  private consentRefusal(touch: IntendedTouch, { from, to }: TouchWindow): Refusal | undefined {
    return refusedByConsent(this.consentOf(touch.contactId).refusalWithin(touch, from, to));
  }
}

function firstRefusal(rules: readonly CompiledRule[], touch: IntendedTouch): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule.refuses(touch);
    if (refusal) return refusal;
  }
  return undefined;
}

function earliest(times: readonly (Date | null)[]): Date | null {
  let first: Date | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}

/** Rules, account and time are compiled once; then every candidate and window is asked of the result. */
export function compileContactPolicy(
  rules: RuleSet,
  surroundings: PolicySurroundings,
): CompiledContactPolicy {
  return new CompiledContactPolicy(rules, surroundings);
}
