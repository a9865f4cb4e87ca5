import type { TestService } from './service.js';

export interface Mailing {
  authorization: string;
  put(path: string, body: object): Promise<void>;
  /** Customers who are their own contacts, with an address, and whose follow-ups go out by themselves. */
  customers(ids: readonly string[]): Promise<void>;
}

/** One automatic e-mail channel with one action that is worded for it, whose purpose and consent a test chooses. */
export async function startMailing(
  service: TestService,
  { purpose, consent, mandatory }: { purpose: string; consent: 'opt-in' | 'opt-out'; mandatory: boolean },
): Promise<Mailing> {
  const { authorization } = await service.key(['catalogue', 'consent', 'ingest', 'admin']);
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
    if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const importAll = async (kind: string, rows: readonly object[]): Promise<void> => {
    const { body } = await service.http
      .post(`/api/v1/imports/${kind}`)
      .set({ authorization, 'content-type': 'application/x-ndjson' })
      .send(rows.map((row) => JSON.stringify(row)).join('\n'));
    if ((body as { accepted?: number }).accepted !== rows.length)
      throw new Error(`${kind}: ${JSON.stringify(body)}`);
  };
  await put('channels/email', {
    name: 'E-mail',
    kind: 'email',
    performedBy: 'automatic',
    costPerTouch: 0.1,
    leadTimeHours: 0,
    consent,
  });
  await put('outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  await put('actions/news', {
    name: 'News',
    intent: 'content',
    purpose,
    productIds: [],
    topics: [],
    channelIds: ['email'],
    outcomeId: 'reply',
    value: 1,
    lever: 1,
    mandatory,
  });
  const news = { channelId: 'email', locale: null, title: 'News', body: 'News for {contact.name}.' };
  await put('actions/news/treatments/en', news);
  return {
    authorization,
    put,
    customers: async (ids) => {
      const account = { kind: 'person', country: 'DE', mode: 'automated' };
      await importAll(
        'accounts',
        ids.map((accountId) => ({ accountId, name: accountId, ...account })),
      );
      await importAll(
        'contacts',
        ids.map((id) => ({ contactId: id, accountId: id, name: id, email: `${id}@example.test` })),
      );
    },
  };
}
