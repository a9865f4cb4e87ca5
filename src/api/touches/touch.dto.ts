import type { AccountId } from '../../catalogue/index.js';
import type { OwnTouch, TouchState } from '../../events/index.js';
import { reportStatuses, type TouchReport } from '../../workflows/index.js';
import { BooleanField, ChoiceField, IdField, TextField, TimeField } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

const STATES: readonly TouchState[] = ['planned', 'sending', 'sent', 'failed', 'unknown', 'cancelled'];

export class TouchesQuery extends PageQuery {
  @IdField({ optional: true, description: 'Only touches of this account.' })
  accountId?: AccountId;

  @ChoiceField(STATES, { optional: true, description: 'Only touches in this state.' })
  state?: TouchState;
}

/** What whoever performs a touch says became of it. */
export class TouchReportBody {
  @ChoiceField(reportStatuses, {
    description:
      '`delivered` says that it was sent, too; `bounced` that it came back; `failed` that it was not performed.',
  })
  status!: TouchReport['status'];

  @TimeField({ description: 'When it happened; not in the future.' })
  at!: Date;

  @TextField({ optional: true, nullable: true, max: 500, description: 'Why it bounced or failed.' })
  because?: string | null;

  @BooleanField({
    optional: true,
    default: true,
    description: 'Of a bounce: the address will never take mail, and is not written to again.',
  })
  permanent?: boolean;
}

/** A touch of ours as it is shown. */
export function shownTouch({ touch, plan }: OwnTouch) {
  const begun = touch.state !== 'planned' && touch.state !== 'cancelled';
  return {
    touchId: touch.touchId,
    accountId: touch.accountId,
    contactId: touch.contactId,
    channelId: touch.channelId,
    purpose: touch.purpose,
    actionId: touch.actionId,
    treatmentId: plan.treatmentId,
    productId: plan.productId,
    suggestionId: plan.suggestionId,
    decisionId: plan.decisionId,
    through: plan.through,
    state: touch.state,
    slot: plan.slot,
    plannedAt: plan.plannedAt,
    begunAt: begun ? touch.at : null,
    nextTryAt: plan.nextTryAt,
    rule: plan.rule,
    because: plan.because,
    deliveredAt: plan.deliveredAt,
    bouncedAt: plan.bouncedAt,
  };
}
