import { type Mailroom, startMailroom } from './mailroom.js';
import type { PlannedAs } from './planned-touches.js';
import { TEST_NOW } from './service.js';

/** E-mail and text messages that anybody may get in the morning, and an e-mail channel for four a day. */
export function startTouches(): Promise<Mailroom> {
  const hours = { mon: [['08:00', '10:00']], tue: [['08:00', '12:00']] };
  return startMailroom({
    channels: {
      email: { kind: 'email', hours },
      text: { kind: 'sms', hours },
      scarce: { kind: 'email', hours, capacityPerDay: 4 },
    },
    actions: { news: { name: 'News', purpose: 'service' } },
    body: 'For {contact.name}: https://x.test',
  });
}

/** What an earlier test left waiting is none of the next one's. */
export async function forgetTouches({ smtp, service }: Mailroom): Promise<void> {
  smtp.mails.length = 0;
  smtp.behave.clear();
  service.clock.set(TEST_NOW);
  await service.database.query('truncate outbox, channel_pace');
  await service.database.query('update touch_plans set next_try_at = null, lease_until = null');
  await service.database.query(
    `update suggestions set state = 'expired' where state in ('open', 'accepted')`,
  );
}

/** Somebody, and a touch that is planned for her. */
export async function planned(
  room: Mailroom,
  as: Partial<PlannedAs> = {},
  contact: object = {},
): Promise<{ id: string; touchId: string; suggestionId: string }> {
  const id = await room.person(contact);
  return { id, ...(await room.plan(id, { purpose: 'service', ...as })) };
}
