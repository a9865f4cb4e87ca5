import type { TestService } from './service.js';

/** A small territory over HTTP: one clinic with one doctor, her team, three channels and five actions. */
export interface Territory {
  authorization: string;
  put(path: string, body: object): Promise<void>;
  event(name: string, properties?: object, more?: object): Promise<void>;
  recommend(body?: object): Promise<Answer>;
}

export interface AnsweredSuggestion {
  suggestionId: string;
  accountId: string;
  rank: number;
  action: { id: string; name: string; intent: string; purpose: string };
  channelId: string;
  contactId: string;
  productId: string | null;
  performedBy: { role: string; memberId: string | null };
  slot: { from: string; to: string; timeZone: string };
  propensity: number;
  value: number;
  priority: number;
  inclusionProbability: number | null;
  reasons: { code: string; text: string; evidence: { eventId: string; name: string; at: string }[] }[];
  state: string;
  verifiedAt: string;
  expiresAt: string;
}

export interface Answer {
  decisionId: string;
  accountId: string;
  decidedAt: string;
  reused: boolean;
  model: { name: string; version: string };
  noAction: { reason: string } | null;
  suggestions: AnsweredSuggestion[];
  suppressed: { rule: string; count: number }[];
  candidates?: {
    actionId: string;
    channelId: string;
    contactId: string;
    propensity: number | null;
    priority: number | null;
    rule?: string;
    because?: string;
  }[];
}

const MEMBERS = [
  { memberId: 'mia', role: 'account-manager' },
  { memberId: 'leo', role: 'medical-liaison' },
];

const CHANNELS = [
  { channelId: 'email', kind: 'email', performedBy: 'automatic', costPerTouch: 0.1, consent: 'opt-in' },
  { channelId: 'visit', kind: 'visit', performedBy: 'account-manager', costPerTouch: 5, consent: 'opt-out' },
  {
    channelId: 'liaison-call',
    kind: 'call',
    performedBy: 'medical-liaison',
    costPerTouch: 3,
    consent: 'opt-out',
  },
];

const ACTIONS = [
  {
    actionId: 'newsletter',
    intent: 'content',
    purpose: 'marketing',
    topics: ['efficacy'],
    channelIds: ['email'],
    value: 40,
  },
  {
    actionId: 'offer-p',
    intent: 'offer',
    purpose: 'sales',
    topics: [],
    productIds: ['P'],
    channelIds: ['email', 'visit'],
    value: 120,
  },
  {
    actionId: 'talk-dosage',
    intent: 'follow-up',
    purpose: 'sales',
    topics: ['dosage'],
    channelIds: ['visit'],
    value: 60,
  },
  {
    actionId: 'answer-safety',
    intent: 'service',
    purpose: 'medical',
    topics: ['side-effects'],
    channelIds: ['liaison-call'],
    value: 80,
  },
  {
    actionId: 'for-big-clinics',
    intent: 'offer',
    purpose: 'sales',
    topics: [],
    channelIds: ['visit'],
    value: 90,
    eligibility: 'account.attributes.beds > 500.0',
  },
];

/** Puts the territory into a service. Consent is not given: e-mail is opt-in. */
export async function startTerritory(service: TestService): Promise<Territory> {
  const { authorization } = await service.key([
    'catalogue',
    'ingest',
    'consent',
    'score',
    'read',
    'feedback',
  ]);
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
    if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  await put('attribute-schemas/account', { attributes: { beds: { type: 'number' } } });
  for (const { memberId, role } of MEMBERS) await put(`team-members/${memberId}`, { name: memberId, role });
  await put('accounts/clinic', {
    name: 'Clinic',
    kind: 'company',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    attributes: { beds: 120 },
  });
  await put('contacts/jones', {
    accountId: 'clinic',
    name: 'Dr. Jones',
    email: 'jones@example.test',
    phone: '+49 30 1',
  });
  for (const { memberId } of MEMBERS) await put(`accounts/clinic/team/${memberId}`, {});
  await put('products/P', {
    name: 'Pulmo',
    price: 100,
    margin: 40,
    currency: 'EUR',
    topics: ['efficacy'],
    available: true,
  });
  for (const { channelId, ...channel } of CHANNELS)
    await put(`channels/${channelId}`, { name: channelId, leadTimeHours: 0, ...channel });
  await put('outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  for (const { actionId, ...action } of ACTIONS) {
    await put(`actions/${actionId}`, {
      name: actionId,
      outcomeId: 'reply',
      lever: 1,
      mandatory: false,
      ...action,
    });
  }
  let sent = 0;
  return {
    authorization,
    put,
    event: async (name, properties = {}, more = {}) => {
      sent += 1;
      const event = {
        messageId: `t${sent}`,
        name,
        accountId: 'clinic',
        contactId: 'jones',
        occurredAt: service.clock.now().toISOString(),
        properties,
        ...more,
      };
      const answer = await service.http
        .post('/api/v1/events')
        .set({ authorization })
        .send({ events: [event] });
      if (answer.status >= 300 || answer.body.accepted !== 1)
        throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    },
    recommend: async (body = {}) => {
      const answer = await service.http
        .post('/api/v1/recommendations')
        .set({ authorization })
        .send({ accountId: 'clinic', ...body });
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as Answer;
    },
  };
}
