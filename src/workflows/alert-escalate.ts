import type { Alert, AlertBook, AlertPeople, Told } from '../alerts/index.js';
import type { MemberId } from '../catalogue/index.js';
import { type ContactRules, hiddenFrom, isHidden } from '../contact-policy/index.js';
import type { Outbox } from '../delivery/index.js';
import type { Ids, Transactions } from '../shared/index.js';
import { alertMessage } from './alert-messages.js';

export interface EscalateParts {
  transactions: Transactions;
  alerts: AlertBook;
  people: AlertPeople;
  contactRules: ContactRules;
  outbox: Outbox;
  ids: Ids;
}

const AT_ONCE = 100;

/** Tells the deputies of alerts that nobody has seen in time. */
export class EscalateAlerts {
  constructor(private readonly parts: EscalateParts) {}

  /** Gives how many were escalated. */
  async runDue(at: Date): Promise<number> {
    const { transactions, contactRules } = this.parts;
    const policy = await contactRules.current();
    for (let total = 0; ;) {
      const { taken, escalated } = await transactions.run(async (within) => {
        const { alerts, people, outbox, ids } = this.parts;
        const unseen = await alerts.takeUnseen(AT_ONCE, at, within);
        const members = await people.members(memberIdsOf(unseen), within);
        const deputies = await people.members(deputiesOf(members), within);
        const going = unseen.flatMap((alert) => {
          const deputy = deputyOf(alert, members, deputies);
          const hidden = deputy && isHidden(hiddenFrom(policy, deputy.role), alert.topics, alert.enquiry);
          return deputy && !hidden ? [{ alert, to: deputy.memberId }] : [];
        });
        await alerts.escalate(going, at, within);
        await outbox.put(
          going.map(({ alert, to }) =>
            alertMessage(`msg_${ids.next()}`, { ...alert, escalatedTo: to }, null, [to], at),
          ),
          within,
        );
        return { taken: unseen.length, escalated: going.length };
      });
      total += escalated;
      if (taken < AT_ONCE) return total;
    }
  }
}

function memberIdsOf(alerts: readonly Alert[]): MemberId[] {
  return alerts.flatMap(({ memberId }) => memberId ?? []);
}

function deputiesOf(members: ReadonlyMap<MemberId, Told>): MemberId[] {
  return [...members.values()].flatMap(({ deputyId }) => deputyId ?? []);
}

function deputyOf(
  { memberId }: Alert,
  members: ReadonlyMap<MemberId, Told>,
  deputies: ReadonlyMap<MemberId, Told>,
): Told | undefined {
  const deputyId = memberId && members.get(memberId)?.deputyId;
  return deputyId && deputyId !== memberId ? deputies.get(deputyId) : undefined;
}
