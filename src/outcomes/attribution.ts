import type {
  ActionId,
  ChannelId,
  ContactId,
  OutcomeDefinition,
  OutcomeId,
  ProductId,
  TreatmentId,
} from '../catalogue/index.js';
import { outcomeContext, outcomeValues } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import { compileExpression, DAY, type Expression, ExpressionFailed } from '../shared/index.js';
import type { Outcome } from './outcome.js';

/** A touch as outcomes are credited to it. */
export interface CreditableTouch {
  at: Date;
  contactId: ContactId | null;
  actionId: ActionId;
  channelId: ChannelId;
  treatmentId: TreatmentId | null;
  /** What it was about; where the touch names none, the action's products. */
  productIds: readonly ProductId[];
  /** The outcome that its action names. */
  outcomeId: OutcomeId;
  touchId: string | null;
  suggestionId: string | null;
  decisionId: string | null;
}

/** An outcome definition that is ready to be asked. */
export interface CompiledOutcome {
  outcomeId: OutcomeId;
  event: string;
  /** Length of the attribution window in milliseconds; both ends belong to it. */
  within: number;
  engagement: boolean;
  /** Whether an event of that name counts. */
  counts(event: AccountEvent): boolean;
  /** In the configured currency; null where the definition does not say. */
  valueOf(event: AccountEvent): number | null;
}

/**
 * `each`: every touch in whose window the outcome falls (what a response model learns); `last`: the latest of them
 * (reward).
 */
export type CreditRule = 'each' | 'last';

export interface Credit {
  /** Place in the list of touches. */
  touch: number;
  outcomeId: OutcomeId;
  at: Date;
  value: number | null;
}

/** An expression that fails on an event (a property is missing) does not count it. Throws when one does not compile. */
export function compileOutcome(definition: OutcomeDefinition): CompiledOutcome {
  const where = definition.where === null ? null : compiled(definition.where, 'bool', definition.outcomeId);
  const value = definition.value === null ? null : compiled(definition.value, 'double', definition.outcomeId);
  return {
    outcomeId: definition.outcomeId,
    event: definition.event,
    within: definition.withinDays * DAY,
    engagement: definition.engagement,
    counts: (event) => where === null || evaluated<boolean>(where, event, false),
    valueOf: (event) => (value === null ? null : evaluated<number | null>(value, event, null)),
  };
}

function compiled<Returns extends 'bool' | 'double'>(source: string, returns: Returns, outcomeId: string) {
  const expression = compileExpression(source, outcomeContext(), returns);
  if (!expression.ok) throw new Error(`Outcome definition "${outcomeId}": ${expression.error}`);
  return expression.value;
}

function evaluated<Value>(
  expression: Expression<NonNullable<Value>>,
  event: AccountEvent,
  otherwise: Value,
): Value {
  try {
    return expression.evaluate(outcomeValues(event));
  } catch (cause) {
    if (cause instanceof ExpressionFailed) return otherwise;
    throw cause;
  }
}

/** Something that happened, on its way to the touches that it is credited to. */
interface Happening {
  outcomeId: OutcomeId;
  at: number;
  contactId: ContactId | null;
  value: number | null;
  /** Whether the touch is the one that it names; undefined when it names none. */
  names(touch: CreditableTouch): boolean | undefined;
  /** Where it names none. */
  fits(touch: CreditableTouch): boolean;
}

/** What names its touch may be dated so long before it: senders date by the day, and their clocks differ. */
const DATED_EARLY = DAY;

/**
 * Credits the outcomes of one account: an outcome falls to touches of the same contact whose window [t, t + within] it
 * lies in. One that names touches (`touchId`, `touchIds`), a suggestion or a decision falls to these only, also where it
 * is dated up to a day before; else one that names an action to touches with that action; else one that names products to
 * touches about one of them; an engagement that names none of these to touches on its channel.
 */
export function creditsOf(
  touches: readonly CreditableTouch[],
  events: readonly AccountEvent[],
  reported: readonly Outcome[],
  outcomes: readonly CompiledOutcome[],
  rule: CreditRule,
): Credit[] {
  return outcomes.flatMap((outcome) =>
    happeningsOf(outcome, events, reported).flatMap((happening) => {
      const matching = touches.flatMap((touch, place) => (matches(touch, happening, outcome) ? [place] : []));
      const credited = rule === 'each' ? matching : latest(matching, touches);
      const at = new Date(happening.at);
      return credited.map((touch) => ({ touch, outcomeId: outcome.outcomeId, at, value: happening.value }));
    }),
  );
}

function happeningsOf(
  outcome: CompiledOutcome,
  events: readonly AccountEvent[],
  reported: readonly Outcome[],
): Happening[] {
  const seen = events
    .filter((event) => event.name === outcome.event && event.fromBrowser !== true && outcome.counts(event))
    .map((event) => ({
      outcomeId: outcome.outcomeId,
      at: event.occurredAt.getTime(),
      contactId: event.contactId,
      value: outcome.valueOf(event),
      names: (touch: CreditableTouch) => namedBy(touch, event.properties),
      fits: (touch: CreditableTouch) => fits(touch, event, outcome),
    }));
  const told = reported
    .filter(({ outcomeId }) => outcomeId === outcome.outcomeId)
    .map(({ occurredAt, contactId, value, suggestionId, decisionId }) => ({
      outcomeId: outcome.outcomeId,
      at: occurredAt.getTime(),
      contactId,
      value,
      names: (touch: CreditableTouch) => namedBy(touch, { suggestionId, decisionId }),
      fits: () => true,
    }));
  return [...seen, ...told];
}

function matches(touch: CreditableTouch, happening: Happening, { within }: CompiledOutcome): boolean {
  const since = happening.at - touch.at.getTime();
  if (since < -DATED_EARLY || since > within) return false;
  const { contactId } = happening;
  if (contactId !== null && touch.contactId !== null && contactId !== touch.contactId) return false;
  return happening.names(touch) ?? (since >= 0 && happening.fits(touch));
}

/** Whether it is the touch that is named; undefined when none is, or the touch has no such id to compare. */
function namedBy(
  touch: CreditableTouch,
  names: { touchId?: unknown; touchIds?: unknown; suggestionId?: unknown; decisionId?: unknown },
): boolean | undefined {
  if (Array.isArray(names.touchIds) && touch.touchId !== null) return names.touchIds.includes(touch.touchId);
  for (const name of ['touchId', 'suggestionId', 'decisionId'] as const) {
    const named = names[name];
    if (typeof named === 'string' && touch[name] !== null) return named === touch[name];
  }
  return undefined;
}

function fits(
  touch: CreditableTouch,
  { properties }: AccountEvent,
  { engagement }: CompiledOutcome,
): boolean {
  if (properties.actionId !== undefined) return properties.actionId === touch.actionId;
  const products =
    properties.productIds ?? (properties.productId === undefined ? [] : [properties.productId]);
  if (products.length > 0 && touch.productIds.length > 0) {
    return products.some((product) => touch.productIds.some((about) => about === product));
  }
  return !engagement || properties.channel === undefined || properties.channel === touch.channelId;
}

function latest(places: readonly number[], touches: readonly CreditableTouch[]): number[] {
  let last: number | undefined;
  for (const place of places) {
    const at = touches[place]?.at.getTime() ?? -Infinity;
    if (last === undefined || at >= (touches[last]?.at.getTime() ?? -Infinity)) last = place;
  }
  return last === undefined ? [] : [last];
}

/**
 * Labels for a response model, touches × outcomes: 1 when the outcome happened in the touch's window, 0 when it did not,
 * NaN when it was not observed: the window was still open at `asOf`, or the outcome is neither an engagement nor the one
 * that the touch's action names. Positives of open windows are left out too, or they would outnumber their negatives.
 */
export function labelsOf(
  touches: readonly CreditableTouch[],
  events: readonly AccountEvent[],
  reported: readonly Outcome[],
  outcomes: readonly CompiledOutcome[],
  asOf: Date,
): Float32Array[] {
  const labels = touches.map((touch) =>
    Float32Array.from(outcomes, ({ engagement, outcomeId, within }) => {
      const observed = engagement || outcomeId === touch.outcomeId;
      return observed && touch.at.getTime() + within <= asOf.getTime() ? 0 : NaN;
    }),
  );
  const heads = new Map(outcomes.map(({ outcomeId }, head) => [outcomeId, head]));
  for (const { touch, outcomeId } of creditsOf(touches, events, reported, outcomes, 'each')) {
    const head = heads.get(outcomeId) ?? -1;
    const own = labels[touch];
    if (own && own[head] === 0) own[head] = 1;
  }
  return labels;
}
