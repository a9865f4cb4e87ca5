import { addDays, DAY } from '../../src/shared/index.js';
import { EscalateAlerts, RaiseAlert } from '../../src/workflows/index.js';
import { startTestService, TEST_NOW, type TestService } from './service.js';
import { startTerritory, type Territory } from './territory.js';

export interface ListedAlert {
  alertId: string;
  ruleId: string;
  raisedAt: string;
  accountId: string;
  contactId: string | null;
  memberId: string | null;
  priority: number;
  title: string;
  message: string;
  evidence: { eventId: string; name: string; at: string }[];
  suggestion: {
    suggestionId: string;
    action: { id: string };
    performedBy: { memberId: string | null };
  } | null;
  because: string | null;
  state: string;
  validUntil: string;
  heldUntil: string | null;
  joinedTo: string | null;
  joined: number;
  escalatedTo: string | null;
  acknowledgedBy: string | null;
}

/** What a rule needs beside what a test is about. */
export const plainRule = {
  count: 1,
  withinHours: 24,
  maxLatenessHours: 6,
  priority: 50,
  cooldownHours: 24,
  validHours: 24,
  message: { en: '{contact}: {event}' },
  role: 'account-manager',
};

/** Raises what is due at the clock's time, as the worker does. Throws when something went wrong. */
export async function raiseDue(service: TestService): Promise<number> {
  const raise = service.app.get(RaiseAlert, { strict: false });
  const { raised, troubles } = await raise.runDue(service.clock.now());
  if (troubles.length > 0) throw troubles[0];
  return raised;
}

export function escalateDue(service: TestService): Promise<number> {
  return service.app.get(EscalateAlerts, { strict: false }).runDue(service.clock.now());
}

export async function alertsOf(
  service: TestService,
  { authorization }: Pick<Territory, 'authorization'>,
  query: Record<string, string | number> = {},
): Promise<ListedAlert[]> {
  const answer = await service.http.get('/api/v1/alerts').query(query).set({ authorization });
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.items as ListedAlert[];
}

/** The territory, whose account manager Mia has a deputy, Dora, who reads Persian. */
export async function startAlertDesk(): Promise<AlertDesk> {
  const service = await startTestService({ config: { exploration: 'greedy' } });
  const territory = await startTerritory(service);
  await territory.put('team-members/dora', { name: 'Dora', role: 'account-manager', locale: 'fa' });
  await territory.put('team-members/mia', {
    name: 'Mia',
    role: 'account-manager',
    timeZone: 'Europe/Berlin',
    deputyId: 'dora',
  });
  return new AlertDesk(service, territory, await service.key(['read', 'feedback'], { memberId: 'mia' }));
}

export class AlertDesk {
  constructor(
    readonly service: TestService,
    readonly territory: Territory,
    readonly mia: { authorization: string },
  ) {}

  get(path: string, authorization = this.territory.authorization) {
    return this.service.http.get(`/api/v1/${path}`).set({ authorization });
  }

  put(path: string, body: object) {
    const { authorization } = this.territory;
    return this.service.http.put(`/api/v1/${path}`).set({ authorization }).send(body);
  }

  post(path: string, body: object = {}, authorization = this.territory.authorization) {
    return this.service.http.post(`/api/v1/${path}`).set({ authorization }).send(body);
  }

  remove(ruleId: string) {
    const { authorization } = this.territory;
    return this.service.http.delete(`/api/v1/trigger-rules/${ruleId}`).set({ authorization });
  }

  rule(ruleId: string, body: object) {
    return this.put(`trigger-rules/${ruleId}`, { ...plainRule, ...body }).expect(200);
  }

  /** Lines of an import. */
  async import(kind: 'events' | 'trigger-rules', ...lines: object[]): Promise<unknown> {
    const { body } = await this.service.http
      .post(`/api/v1/imports/${kind}`)
      .set({ authorization: this.territory.authorization, 'content-type': 'application/x-ndjson' })
      .send(lines.map((line) => JSON.stringify(line)).join('\n'))
      .expect(200);
    return body;
  }

  read(topic: string): Promise<void> {
    return this.territory.event('Page Viewed', { topic });
  }

  raiseDue(): Promise<number> {
    return raiseDue(this.service);
  }

  async raised(ruleId: string, query: Record<string, string> = {}): Promise<ListedAlert[]> {
    return (await alertsOf(this.service, this.territory, query)).filter((alert) => alert.ruleId === ruleId);
  }

  /** A test has the log to itself, as far as rules look: weeks later at the same hour, and without the rules there were. */
  async laterWithoutRules(): Promise<void> {
    const { items } = (await this.get('trigger-rules')).body as { items: { ruleId: string }[] };
    for (const { ruleId } of items) await this.remove(ruleId).expect(204);
    const { clock } = this.service;
    const days = Math.ceil((clock.now().getTime() - TEST_NOW.getTime()) / DAY);
    clock.set(addDays(TEST_NOW, days + 7));
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
