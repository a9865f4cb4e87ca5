import { standardTriggerRules } from '../../src/alerts/index.js';
import { planTouches } from './planned-touches.js';
import type { TestService } from './service.js';
import { startTerritory, type Territory } from './territory.js';

/** An e-mail that waits for tomorrow morning. */
export const QUEUED_TOUCH = 'newsletter-of-tomorrow';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * What the story of Dr. Jones begins with: she takes marketing e-mail, one is queued for her, her manager Mia is to be
 * alerted when she reads about side effects, and Leo is the medical liaison. Dr. Kim is somebody else's contact.
 */
export async function startDrJones(service: TestService): Promise<Territory> {
  const territory = await startTerritory(service);
  await territory.put('team-members/mia', { name: 'Mia', role: 'account-manager', locale: 'en' });
  await territory.put('actions/offer-talk', {
    name: 'Offer a talk about side effects',
    intent: 'follow-up',
    purpose: 'sales',
    topics: ['side-effects'],
    productIds: ['P'],
    channelIds: ['visit'],
    outcomeId: 'reply',
    value: 70,
    lever: 1,
    mandatory: false,
  });
  await territory.put('accounts/other', { name: 'Other', kind: 'company', country: 'DE', locale: 'en' });
  await territory.put('contacts/kim', { accountId: 'other', name: 'Dr. Kim' });
  await territory.put('accounts/other/team/mia', {});
  const rule = standardTriggerRules.find(({ ruleId }) => ruleId === 'side-effects-read');
  await territory.put('trigger-rules/side-effects-read', { ...rule });
  const granted = await service.http
    .post('/api/v1/contacts/jones/consents')
    .set({ authorization: territory.authorization })
    .send({ channelId: 'email', purpose: 'marketing', status: 'granted', source: 'contact' });
  if (granted.status !== 201) throw new Error(`${granted.status} ${JSON.stringify(granted.body)}`);
  const tomorrow = service.clock.now().getTime() + DAY_MS;
  await planTouches(
    service.database,
    [{ touchId: QUEUED_TOUCH, suggestionId: 'queued', accountId: 'clinic', contactId: 'jones' }],
    {
      channelId: 'email',
      actionId: 'newsletter',
      treatmentId: null,
      purpose: 'marketing',
      through: 'mail',
      slot: { from: new Date(tomorrow), to: new Date(tomorrow + 2 * HOUR_MS) },
      at: service.clock.now(),
    },
  );
  return territory;
}
