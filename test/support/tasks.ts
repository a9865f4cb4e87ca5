import { startTestService, TEST_NOW, type TestService } from './service.js';
import { startTerritory, type Territory } from './territory.js';

/** The territory with two more liaisons, Tara abroad and Lou, and with Eve, who looks after another clinic. */
export async function startTasks(): Promise<Tasks> {
  const service = await startTestService({ config: { exploration: 'greedy' } });
  const territory = await startTerritory(service);
  const { put } = territory;
  await put('team-members/tara', { name: 'Tara', role: 'medical-liaison', timeZone: 'Asia/Tehran' });
  await put('team-members/eve', { name: 'Eve', role: 'account-manager' });
  await put('team-members/lou', { name: 'Lou', role: 'medical-liaison' });
  await put('accounts/other', { name: 'Other clinic', kind: 'company', country: 'IR' });
  await put('contacts/smith', { accountId: 'other', name: 'Dr. Smith' });
  await put('accounts/other/team/eve', {});
  const keyOf = async (memberId: string): Promise<string> =>
    (await service.key(['read', 'feedback', 'consent', 'score'], { memberId })).authorization;
  const [mia, leo, eve, lou] = await Promise.all([keyOf('mia'), keyOf('leo'), keyOf('eve'), keyOf('lou')]);
  return new Tasks(service, territory, { mia, leo, eve, lou });
}

export class Tasks {
  constructor(
    readonly service: TestService,
    readonly territory: Territory,
    /** Authorization of the members. */
    readonly as: Record<'mia' | 'leo' | 'eve' | 'lou', string>,
  ) {}

  get(path: string, authorization = this.territory.authorization) {
    return this.service.http.get(`/api/v1/${path}`).set({ authorization });
  }

  post(path: string, body: object = {}, authorization = this.territory.authorization) {
    return this.service.http.post(`/api/v1/${path}`).set({ authorization }).send(body);
  }

  async list(query = '', authorization = this.territory.authorization) {
    return (await this.get(`tasks${query}`, authorization).expect(200)).body.items;
  }

  /** Mia gives her word to Dr. Jones. */
  promise(more: object = {}, messageId = 'p1', occurredAt?: string): Promise<void> {
    const made = { what: 'send the study', dueAt: '2026-03-04', ...more };
    const at = occurredAt === undefined ? {} : { occurredAt };
    return this.territory.event('Promise Made', made, { memberId: 'mia', messageId, ...at });
  }

  async forget(): Promise<void> {
    this.service.clock.set(TEST_NOW);
    await this.service.database.query('truncate tasks, outbox');
    await this.service.database.query(`delete from events where name = 'Promise Kept'`);
  }
}
