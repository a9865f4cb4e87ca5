import { alertStates, type AlertState } from '../../alerts/index.js';
import type { AccountId, MemberId } from '../../catalogue/index.js';
import { ChoiceField, IdField, TimeField } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

export class AlertsQuery extends PageQuery {
  @IdField({ optional: true })
  accountId?: AccountId;

  @IdField({ optional: true, description: 'Told to this member, or to this member as deputy.' })
  memberId?: MemberId;

  @ChoiceField(alertStates, { optional: true })
  state?: AlertState;

  @TimeField({ optional: true, description: 'Raised, taken, escalated or expired since.' })
  changedSince?: Date;
}
