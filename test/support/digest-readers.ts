import { DAY, HOUR } from '../../src/shared/index.js';
import { plainRule } from './alerts.js';
import { startTestService, type TestService } from './service.js';
import { type ReceivedMail, type SmtpReceiver, startSmtp } from './smtp.js';
import { startTerritory, type Territory } from './territory.js';

/** Seven on a Monday morning in Berlin; no Monday until the clocks change is a holiday there. */
const MONDAY_AT_SEVEN = new Date('2026-05-25T05:00:00Z');
const MIA = { name: 'Mia', role: 'account-manager', timeZone: 'Europe/Berlin', locale: 'en' };

/** Mia, who looks after the clinic and has an address, and the mail server that takes her digests. */
export interface DigestReaders {
  service: TestService;
  smtp: SmtpReceiver;
  territory: Territory;
  /** A Monday of a test's own, on which lists, alerts and tasks are empty. */
  nextMonday(): Promise<void>;
  /** So many hours later. */
  at(hours: number): void;
  task(kind: string, about: string, dueInHours: number, memberId?: string): Promise<void>;
  member(memberId: string, more?: object): Promise<void>;
  team(memberId: string, method: 'put' | 'delete'): Promise<void>;
  /** The one mail that came. Throws when there is none, or more than one. */
  only(): ReceivedMail;
  close(): Promise<void>;
}

export async function startDigestReaders(): Promise<DigestReaders> {
  const smtp = await startSmtp();
  const service = await startTestService({
    config: { smtpUrl: smtp.url, publicUrl: 'https://nba.test', exploration: 'greedy' },
    now: MONDAY_AT_SEVEN,
  });
  const territory = await startTerritory(service);
  const { authorization, put } = territory;
  await put('team-members/mia', { ...MIA, email: 'mia@nba.test' });
  await put('trigger-rules/asked', {
    ...plainRule,
    when: { event: 'Price Asked' },
    validHours: 48,
    cooldownHours: 0,
    title: { en: '{contact} asked for a price', fa: '{contact} قیمت را پرسید' },
    message: { en: '{contact}: {event} <b>now</b>', fa: '{contact}: {event}' },
  });
  let weeks = 0;
  return {
    service,
    smtp,
    territory,
    nextMonday: async () => {
      smtp.mails.length = 0;
      smtp.behave.clear();
      for (const table of ['digests', 'digest_settings', 'suggestions', 'alerts', 'tasks'])
        await service.database.query(`delete from ${table}`);
      service.clock.set(new Date(MONDAY_AT_SEVEN.getTime() + (weeks += 1) * 7 * DAY));
    },
    at: (hours) => service.clock.advance(hours * HOUR),
    task: async (kind, about, dueInHours, memberId = 'mia') => {
      const dueAt = new Date(service.clock.now().getTime() + dueInHours * HOUR).toISOString();
      const answer = await service.http
        .post('/api/v1/tasks')
        .set({ authorization })
        .send({ kind, accountId: 'clinic', memberId, about, dueAt });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    },
    member: (memberId, more = {}) => put(`team-members/${memberId}`, { ...MIA, name: memberId, ...more }),
    team: async (memberId, method) => {
      const path = `/api/v1/accounts/clinic/team/${memberId}`;
      const answer = await service.http[method](path).set({ authorization }).send({});
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    },
    only: () => {
      const [mail, ...more] = smtp.mails;
      if (!mail || more.length > 0) throw new Error(`${smtp.mails.length} mails came`);
      return mail;
    },
    close: async () => {
      await service.close();
      await smtp.close();
    },
  };
}
