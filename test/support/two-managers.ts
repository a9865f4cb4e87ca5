import { plainRule, raiseDue } from './alerts.js';
import { planTouches } from './planned-touches.js';
import { Browser } from './push-service.js';
import { subscribe } from './pushes.js';
import type { TestService } from './service.js';
import type { Territory } from './territory.js';

/** What belongs to an account, by the names that routes have for it. */
export interface Ids {
  accountId: string;
  accountIds: string[];
  contactId: string;
  suggestionId: string;
  responseId: string;
  taskId: string;
  alertId: string;
  touchId: string;
  decisionId: string;
  /** A browser in which Mia's alerts ring. */
  subscriptionId: string;
}

/** What the manager has who looks after `eves`. */
export const OWN: Partial<Ids> = { accountId: 'eves', accountIds: ['eves'], contactId: 'eves-contact' };

/** Fills the clinic, which Mia looks after, with one of each; everything that only she may know says SECRET. */
export async function makeTheirs(
  service: TestService,
  territory: Territory,
  named: ReadonlySet<keyof Ids>,
): Promise<Ids> {
  const { put } = territory;
  await put('team-members/eve', { name: 'Eve', role: 'account-manager' });
  await put('accounts/eves', { name: 'Eve’s', kind: 'company' });
  await put('contacts/eves-contact', { accountId: 'eves', name: 'Own' });
  await put('accounts/eves/team/eve', {});
  await put('accounts/clinic', { name: 'SECRET clinic', kind: 'company', attributes: { beds: 120 } });
  await put('contacts/jones', { accountId: 'clinic', name: 'SECRET doctor' });
  const alertId = named.has('alertId') ? await alert(service, territory) : '';
  const { decisionId, suggestions } = await territory.recommend({ limit: 3 });
  const suggestionId = suggestions[0]?.suggestionId ?? '';
  const touchId = 'their-touch';
  if (named.has('touchId')) await touch(service, touchId);
  return {
    accountId: 'clinic',
    accountIds: ['clinic'],
    contactId: 'jones',
    suggestionId,
    responseId: await response(service, territory, suggestionId),
    taskId: named.has('taskId') ? await task(service, territory) : '',
    alertId,
    touchId,
    decisionId,
    subscriptionId: await device(service),
  };
}

async function response(
  service: TestService,
  { authorization }: Territory,
  suggestionId: string,
): Promise<string> {
  await service.http
    .post(`/api/v1/suggestions/${suggestionId}/responses`)
    .set({ authorization })
    .send({ kind: 'accepted', note: 'SECRET note' })
    .expect(201);
  const [row] = await service.database.query<{ response_id: string }[]>('select response_id from responses');
  return row?.response_id ?? '';
}

async function task(service: TestService, { authorization }: Territory): Promise<string> {
  const answer = await service.http.post('/api/v1/tasks').set({ authorization }).send({
    kind: 'follow-up',
    accountId: 'clinic',
    memberId: 'mia',
    about: 'SECRET task',
    dueAt: '2026-03-20',
  });
  return (answer.body as { taskId: string }).taskId;
}

async function alert(service: TestService, { put, event, authorization }: Territory): Promise<string> {
  await put('trigger-rules/price', { ...plainRule, when: { event: 'Price Asked' } });
  await event('Price Asked');
  await raiseDue(service);
  const answer = await service.http.get('/api/v1/alerts').set({ authorization });
  return (answer.body as { items: { alertId: string }[] }).items[0]?.alertId ?? '';
}

async function device(service: TestService): Promise<string> {
  const { authorization } = await service.key(['read'], { memberId: 'mia' });
  const browser = new Browser('https://push.example.org/SECRET');
  return subscribe(service, authorization, browser, { device: 'SECRET phone' });
}

async function touch(service: TestService, touchId: string): Promise<void> {
  const now = service.clock.now();
  await planTouches(
    service.database,
    [{ touchId, suggestionId: 'planned', accountId: 'clinic', contactId: 'jones' }],
    {
      channelId: 'email',
      actionId: 'newsletter',
      treatmentId: null,
      purpose: 'marketing',
      through: 'connector',
      slot: { from: now, to: new Date(now.getTime() + 3_600_000) },
      at: now,
    },
  );
}
