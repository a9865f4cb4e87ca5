import { addDays } from '../../shared/index.js';
import type { PastDismissal, PastTouch } from '../history.js';
import type { IntendedTouch } from '../intended-touch.js';
import type { Refusal, RuleOf } from '../rule.js';
import { type CompiledRule, firstLapse, type PolicySurroundings, readable } from './compiled-rule.js';

type CoolDown = RuleOf<'cool-down'>;

/** Something that happened and now rests: for one contact, or for all when nobody knows for whom. */
interface Resting {
  contactId: string | null;
  refusal: Refusal;
}

/** Action, product and channel of what happened, so that what is alike can rest. */
interface Kept {
  by: Record<CoolDown['scope'], readonly string[]>;
  contactId: string | null;
  at: Date;
}

type RestingBy = Record<CoolDown['scope'], Map<string, Resting[]>>;

/** After a dismissal with a reason, a suggestion that was carried out, or a touch, the same action, product or channel rests for `days`. */
export function compileCoolDown(
  rule: CoolDown,
  { history, at }: PolicySurroundings,
): CompiledRule | undefined {
  const past = rule.after === 'touch' ? history.touches.map(ofTouch) : dismissed(rule, history.dismissals);
  const resting: RestingBy = { action: new Map(), product: new Map(), channel: new Map() };
  const refusals: Refusal[] = [];
  for (const kept of past) {
    const until = addDays(kept.at, rule.days);
    if (until <= at) continue;
    const entry = { contactId: kept.contactId, refusal: refusal(rule, kept, until) };
    refusals.push(entry.refusal);
    rest(entry, rule.scope, kept.by, resting);
  }
  if (refusals.length === 0) return undefined;
  return {
    changesAt: firstLapse(refusals),
    refuses: (touch) =>
      touch.mandatory && rule.after === 'touch' ? undefined : latestRefusal(resting, touch),
  };
}

/** Where what happened names no product, its action rests in the product's stead. */
function rest(entry: Resting, scope: CoolDown['scope'], by: Kept['by'], resting: RestingBy): void {
  const rests = by[scope].length > 0 ? scope : 'action';
  for (const id of by[rests]) {
    const entries = resting[rests].get(id);
    if (entries) entries.push(entry);
    else resting[rests].set(id, [entry]);
  }
}

const ofTouch = (touch: PastTouch): Kept => ({
  by: {
    action: touch.actionId === null ? [] : [touch.actionId],
    product: touch.productIds,
    channel: [touch.channelId],
  },
  contactId: touch.contactId,
  at: touch.at,
});

function dismissed(rule: CoolDown, dismissals: readonly PastDismissal[]): Kept[] {
  return dismissals
    .filter(({ reason, review }) => reason === rule.after && review !== 'cleared')
    .map(({ actionId, productId, channelId, contactId, at }) => ({
      by: { action: [actionId], product: productId === null ? [] : [productId], channel: [channelId] },
      contactId,
      at,
    }));
}

function latestRefusal(resting: RestingBy, touch: IntendedTouch): Refusal | undefined {
  let latest = latestOf(resting.action.get(touch.actionId), touch, undefined);
  latest = latestOf(resting.channel.get(touch.channelId), touch, latest);
  if (resting.product.size === 0) return latest;
  for (const productId of touch.productIds) latest = latestOf(resting.product.get(productId), touch, latest);
  return latest;
}

function latestOf(
  entries: readonly Resting[] = [],
  touch: IntendedTouch,
  latest: Refusal | undefined,
): Refusal | undefined {
  for (const { contactId, refusal } of entries) {
    if (contactId !== null && contactId !== touch.contactId) continue;
    if (!latest || Number(refusal.until) > Number(latest.until)) latest = refusal;
  }
  return latest;
}

function refusal(rule: CoolDown, kept: Kept, until: Date): Refusal {
  return {
    rule: 'cool-down',
    ruleId: rule.ruleId,
    because: `${happened(rule, kept)}; the ${rule.scope} rests for ${rule.days} days.`,
    until,
  };
}

function happened({ after, scope }: CoolDown, { at }: Kept): string {
  const day = readable(at);
  if (after === 'touch') return `A touch with the same ${scope} is of ${day}`;
  return after === 'completed' ? `It was carried out on ${day}` : `It was dismissed as ${after} on ${day}`;
}
