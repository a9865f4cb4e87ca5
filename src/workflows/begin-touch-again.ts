import type { ContactHistory } from '../contact-policy/index.js';
import { AttemptCheck, type AttemptVerdict, type Outbox, type StoredMessage } from '../delivery/index.js';
import type { OwnTouch, Touch, TouchId, TouchPlans } from '../events/index.js';
import { policyOf, type Situation, type SuggestionId } from '../recommender/index.js';
import type { Clock, Ids, Transactions } from '../shared/index.js';
import { type ClosingReason, refusedBy, wordClosing } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import { matterOf } from './begin-touch-words.js';
import { afterAllRecorded, intendedTouch } from './begin-touch.js';
import type { CloseSuggestions } from './close-suggestions.js';
import { cancelledMessage } from './record-consent-messages.js';
import type { Situations } from './situations.js';

export interface StillWantedParts {
  transactions: Transactions;
  locks: AccountLocks;
  situations: Situations;
  plans: TouchPlans;
  close: CloseSuggestions;
  outbox: Outbox;
  clock: Clock;
  ids: Ids;
}

/** Checks a touch that a connector is about to be asked for once more before each attempt to ask. */
export class TouchStillWanted extends AttemptCheck {
  constructor(private readonly parts: StillWantedParts) {
    super();
  }

  async check(message: StoredMessage): Promise<AttemptVerdict> {
    if (message.type !== 'touch.requested') return { allowed: true };
    const own = await this.parts.plans.find(String(message.data['touchId']) as TouchId);
    if (!own) return { allowed: false, because: 'The touch is no longer kept.' };
    if (own.touch.state !== 'sending') return { allowed: false, because: `The touch is ${own.touch.state}.` };
    const refusal = await this.refusal(own);
    if (refusal === null) return { allowed: true };
    await this.callBack(own, refusal);
    return { allowed: false, because: wordClosing(refusal) };
  }

  private async refusal(own: OwnTouch): Promise<ClosingReason | null> {
    const { situations, clock } = this.parts;
    const world = await situations.world();
    const at = clock.now();
    if (at >= own.plan.slot.to) return { code: 'slot-passed', args: {} };
    const [situation] = await situations.of([own.touch.accountId], world, at);
    const matter = situation ? matterOf(own, situation.dossier, world.catalogue) : null;
    if (!situation || !matter) return { code: 'gone', args: {} };
    const judgedAt = afterAllRecorded(at, situation.consents);
    const others = withoutItself(situation, own.touch);
    const refusal = policyOf({ situation: others, at: judgedAt }, world).refusesToBegin(
      intendedTouch(own, matter),
    );
    return refusal ? refusedBy(refusal) : null;
  }

  /** An attempt before may have arrived though nobody answered: so it is called back, too. */
  private async callBack(own: OwnTouch, closing: ClosingReason): Promise<void> {
    const { transactions, locks, plans, close, outbox, clock, ids } = this.parts;
    const because = wordClosing(closing);
    const { accountId } = own.touch;
    const suggestion = { accountId, suggestionId: own.plan.suggestionId as SuggestionId };
    await transactions.run(async (within) => {
      await locks.lock([accountId], within);
      if (!(await plans.move(own.touch, ['sending'], { to: 'cancelled', because }, within))) return;
      await locks.raisePolicyEpoch([accountId], within);
      await close.withdraw([{ suggestion, because: closing }], clock.now(), within);
      await outbox.put([cancelledMessage(`msg_${ids.next()}`, own.touch, because, clock.now())], within);
    });
  }
}

/** The touch that is asked about is no reason against itself. */
function withoutItself(situation: Situation, touch: Touch): Situation {
  const touches = [...situation.history.touches];
  const own = touches.findIndex(
    ({ at, contactId, channelId, actionId }: ContactHistory['touches'][number]) =>
      at.getTime() === touch.at.getTime() &&
      contactId === touch.contactId &&
      channelId === touch.channelId &&
      actionId === touch.actionId,
  );
  if (own >= 0) touches.splice(own, 1);
  return { ...situation, history: { ...situation.history, touches } };
}
