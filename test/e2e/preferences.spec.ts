import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContactId } from '../../src/catalogue/index.js';
import { PreferenceLinks } from '../../src/consent/index.js';
import { addDays, HOUR } from '../../src/shared/index.js';
import { SendConfirmations, SendTouches } from '../../src/workflows/index.js';
import { planTouches } from '../support/planned-touches.js';
import { startTestService, TEST_NOW, type TestService } from '../support/service.js';
import { type SmtpReceiver, startSmtp } from '../support/smtp.js';

let smtp: SmtpReceiver;
let service: TestService;
let authorization: string;
let serial = 0;

const call = async (method: 'put' | 'post' | 'get', path: string, body?: object) => {
  const asked = service.http[method](path).set({ authorization });
  const answer = await (body ? asked.send(body) : asked);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const TOPICS = Array.from({ length: 25 }, (_, place) => `topic-${String(place).padStart(2, '0')}`);

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService({
    config: { smtpUrl: smtp.url, mailFrom: 'nba@example.test', publicUrl: 'https://nba.test' },
  });
  ({ authorization } = await service.key(['catalogue', 'ingest', 'consent', 'read', 'feedback', 'score']));
  const channels = { email: ['email', 'opt-in'], text: ['sms', 'opt-in'], visit: ['visit', 'opt-out'] };
  for (const [channelId, [kind, consent]] of Object.entries(channels))
    await call('put', `/api/v1/channels/${channelId}`, {
      name: channelId,
      kind,
      performedBy: kind === 'visit' ? 'account-manager' : 'automatic',
      costPerTouch: 0,
      leadTimeHours: 0,
      consent,
    });
  await call('put', '/api/v1/outcome-definitions/reply', { event: 'Email Replied', withinDays: 14 });
  for (const [actionId, topics] of [
    ['news', TOPICS],
    ['tips', []],
  ] as const) {
    await call('put', `/api/v1/actions/${actionId}`, {
      name: actionId,
      intent: 'content',
      purpose: 'marketing',
      productIds: [],
      topics,
      channelIds: Object.keys(channels),
      outcomeId: 'reply',
      value: 1,
      lever: 1,
      mandatory: false,
    });
    for (const channelId of Object.keys(channels))
      await call('put', `/api/v1/actions/${actionId}/treatments/${channelId}`, {
        channelId,
        locale: null,
        title: 'News',
        body: 'Good news.',
      });
  }
});
afterAll(async () => {
  await service?.close();
  await smtp?.close();
});
beforeEach(() => {
  smtp.mails.length = 0;
  service.clock.set(TEST_NOW);
});

async function person(contact: object = {}): Promise<string> {
  serial += 1;
  const id = `person-${serial}`;
  await call('put', `/api/v1/accounts/${id}`, {
    name: id,
    kind: 'person',
    timeZone: 'Europe/Berlin',
    mode: 'automated',
    attributes: {},
  });
  await call('put', `/api/v1/contacts/${id}`, {
    accountId: id,
    name: 'Kim',
    email: `${id}@example.test`,
    ...contact,
  });
  return id;
}
const grant = (id: string, channelId: string) =>
  call('post', `/api/v1/contacts/${id}/consents`, {
    channelId,
    purpose: 'marketing',
    status: 'granted',
    source: 'contact',
  });
const pathOf = (url: string): string => new URL(url).pathname;
const pageOf = (id: string, until = addDays(TEST_NOW, 180)): string =>
  pathOf(
    service.app
      .get(PreferenceLinks, { strict: false })
      .preferencesUrl({ contactId: id as ContactId, touchId: 'touch-x', until }),
  );
const consents = (id: string) => call('get', `/api/v1/contacts/${id}/consents`);
const isAllowed = async (id: string, channelId: string): Promise<boolean> =>
  (await consents(id)).status.find(
    (one: { channelId: string; purpose: string }) =>
      one.channelId === channelId && one.purpose === 'marketing',
  ).allowed;

/** The form as a browser would send it back: what is shown and ticked, with changes. */
function formOf(html: string, change: { tick?: string[]; untick?: string[]; weekly?: string } = {}): string {
  const form = new URLSearchParams();
  for (const [tag] of html.split('</form>')[0]?.matchAll(/<input[^>]*>/g) ?? []) {
    const [name, value] = ['name', 'value'].map(
      (part) => new RegExp(`${part}="([^"]*)"`).exec(tag)?.[1] ?? '',
    );
    const isBox = tag.includes('type="checkbox"');
    const isTicked = tag.includes(' checked')
      ? !change.untick?.includes(value!)
      : change.tick?.includes(value!);
    if (!isBox || isTicked) form.append(name!, value!);
  }
  form.append('weekly', change.weekly ?? /value="(\d*)" selected/.exec(html)?.[1] ?? '');
  form.append('do', 'save');
  return form.toString();
}
const post = (path: string, form: string) =>
  service.http.post(path).set('content-type', 'application/x-www-form-urlencoded').send(form);
const save = async (path: string, change: Parameters<typeof formOf>[1]) =>
  post(path, formOf((await service.http.get(path)).text, change));

/** A touch that is planned and whose time has come. */
async function planned(
  id: string,
  channelId = 'email',
  actionId = 'news',
): Promise<{ touchId: string; suggestionId: string }> {
  serial += 1;
  const one = { touchId: `touch-${serial}`, suggestionId: `s-${serial}`, accountId: id, contactId: id };
  const at = service.clock.now();
  await planTouches(service.database, [one], {
    channelId,
    actionId,
    treatmentId: channelId,
    purpose: 'marketing',
    through: channelId === 'email' ? 'mail' : 'connector',
    slot: { from: at, to: new Date(at.getTime() + 2 * HOUR) },
    at,
  });
  return one;
}
const touch = (touchId: string) => call('get', `/api/v1/touches/${touchId}`);
const runTouches = () => service.app.get(SendTouches, { strict: false }).runDue();

describe('the preference page', () => {
  it('shows in words what she gets, loads nothing, and is kept nowhere', async () => {
    const id = await person();
    await grant(id, 'email');
    const page = await service.http.get(pageOf(id)).set('accept-language', 'en-GB');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html lang="en" dir="ltr">');
    expect(page.text).toContain('<legend>News and offers</legend>');
    expect(page.text).toMatch(/value="marketing:email" checked>by e-mail/);
    expect(page.text).toMatch(/value="marketing:text">by text message/);
    expect(page.text).toContain('topic 00');
    expect(page.text).not.toMatch(/<script|Kim|example\.test/);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('is in Persian, from right to left, for who reads Persian or lives in it', async () => {
    const id = await person();
    const asked = await service.http.get(pageOf(id)).set('accept-language', 'fa-IR,fa;q=0.9');
    expect(asked.text).toContain('<html lang="fa" dir="rtl">');
    expect(asked.text).toContain('با ایمیل');
    const persian = pageOf(await person({ locale: 'fa-IR' }));
    expect((await service.http.get(persian)).text).toContain('<html lang="fa" dir="rtl">');
    expect((await service.http.get(`${persian}?language=en`)).text).toContain('<html lang="en" dir="ltr">');
  });

  it('is not opened by a link that is changed, made for something else, over, or of nobody', async () => {
    const id = await person();
    const path = pageOf(id);
    const links = service.app.get(PreferenceLinks, { strict: false });
    const other = pathOf(links.unsubscribeUrl(id as ContactId, 'email' as never, 'marketing', 't'));
    const forged = `${path.slice(0, 20)}${path[20] === 'A' ? 'B' : 'A'}${path.slice(21)}`;
    const wrong = [forged, other.replace('/u/', '/preferences/'), '/preferences/x', pageOf('nobody')];
    for (const one of wrong) {
      expect((await service.http.get(one)).status).toBe(404);
      expect((await post(one, 'do=stop')).status).toBe(404);
    }
    expect((await service.http.get(path.replace('/preferences/', '/u/'))).status).toBe(404);
    service.clock.set(addDays(TEST_NOW, 180));
    expect((await service.http.get(path)).status).toBe(410);
    expect((await post(path, 'do=stop')).status).toBe(410);
    expect((await consents(id)).history).toEqual([]);
  });

  it('changes nothing when programs look at the link', async () => {
    const id = await person();
    await grant(id, 'email');
    const { touchId } = await planned(id);
    const before = await consents(id);
    for (let times = 0; times < 3; times += 1) await service.http.get(pageOf(id));
    await service.http.head(pageOf(id));
    expect(await consents(id)).toEqual(before);
    expect(await touch(touchId)).toMatchObject({ state: 'planned' });
  });

  it('records what she changed, and only that, as her own word', async () => {
    const id = await person();
    await grant(id, 'email');
    service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const answer = await save(pageOf(id), { tick: ['marketing:text'], untick: ['marketing:email'] });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Your choices are saved.');
    const said: { channelId: string }[] = (await consents(id)).history.slice(1);
    said.sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
    expect(said).toMatchObject([
      {
        channelId: 'email',
        purpose: 'marketing',
        status: 'withdrawn',
        source: 'link',
        wording: 'Do not send me: News and offers, by e-mail.',
        proof: 'preference page, link in touch touch-x',
        recordedBy: `contact ${id}`,
      },
      { channelId: 'text', status: 'granted', source: 'link' },
    ]);
    expect((await save(pageOf(id), {})).text).toContain('Nothing was changed.');
    expect((await consents(id)).history).toHaveLength(3);
  });

  it('does not give again what she took back elsewhere while the page was open', async () => {
    const id = await person();
    await grant(id, 'email');
    service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const open = (await service.http.get(pageOf(id))).text;
    const body = { channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'member' };
    await call('post', `/api/v1/contacts/${id}/consents`, body);
    service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    await post(pageOf(id), formOf(open, { tick: ['marketing:text'] }));
    expect([await isAllowed(id, 'email'), await isAllowed(id, 'text')]).toEqual([false, true]);
  });

  it('stops everything, and says what was stopped and what was already on its way', async () => {
    const id = await person();
    await grant(id, 'email');
    await grant(id, 'text');
    const sending = await planned(id, 'text');
    await runTouches();
    const waiting = await planned(id);
    service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const answer = await post(pageOf(id), 'do=stop');
    expect(answer.text).toContain('Everything is stopped.');
    expect(answer.text).toContain('Planned messages that were stopped: 1.');
    expect(answer.text).not.toContain('Plans to contact you');
    expect(answer.text).toMatch(
      /Already on its way[^<]*<\/p><ul><li>by text message, <time[^>]*>2 Mar 2026, 10:00/,
    );
    expect(answer.text).not.toMatch(/value="marketing:\w+" checked/);
    expect(await touch(waiting.touchId)).toMatchObject({ state: 'cancelled', rule: 'consent' });
    expect(await touch(sending.touchId)).toMatchObject({ state: 'sending' });
    const { items } = await call('get', `/api/v1/suggestions?accountId=${id}&state=withdrawn`);
    expect(items.map((one: { suggestionId: string }) => one.suggestionId)).toContain(waiting.suggestionId);
    service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    await save(pageOf(id), { tick: ['marketing:email'] });
    expect([await isAllowed(id, 'email'), await isAllowed(id, 'text')]).toEqual([true, false]);
  });

  it('takes topics one by one, however many there are', async () => {
    const id = await person();
    await grant(id, 'email');
    service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    await save(pageOf(id), { untick: ['topic-24'] });
    expect((await consents(id)).history.slice(1)).toMatchObject([
      { channelId: '*', purpose: '*', topic: 'topic-24', status: 'withdrawn' },
    ]);
    service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    expect((await service.http.get(pageOf(id))).text).toContain('value="topic-24">');
    await save(pageOf(id), { tick: ['topic-24'] });
    const again = (await consents(id)).history.slice(2);
    expect(again.map((one: { channelId: string }) => one.channelId).sort()).toEqual(['email', 'visit']);
    expect((await service.http.get(pageOf(id))).text).toContain('value="topic-24" checked>');
  });

  it('refuses what no form of ours says', async () => {
    const id = await person();
    for (const form of [
      '',
      'do=x',
      'do=save&weekly=0',
      'do=save&weekly=51',
      'do=save&weekly=1e1',
      'do=save&do=stop',
    ]) {
      const answer = await post(pageOf(id), form);
      expect([form, answer.status]).toEqual([form, 422]);
      expect(answer.text).toContain('role="alert"');
    }
    await post(pageOf(id), 'do=save&shown=0marketing:nothing&allow=marketing:nothing&topic-shown=0x&topic=x');
    await post(pageOf(id), 'do=save&__proto__=x&shown=0__proto__&allow=__proto__');
    expect((await consents(id)).history).toEqual([]);
  });

  it('is linked from every mail', async () => {
    const id = await person();
    await grant(id, 'email');
    await planned(id);
    await runTouches();
    const text = smtp.mails[0]?.raw.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=') ?? '';
    const link = /Manage what you get: (https:\/\/nba\.test\/preferences\/\S+)/.exec(text)?.[1] ?? '';
    expect((await service.http.get(pathOf(link))).status).toBe(200);
  });
});

describe('her own cap', () => {
  it('holds back what is planned beyond it, until the week has passed', async () => {
    const id = await person();
    await grant(id, 'email');
    expect((await save(pageOf(id), { weekly: '1' })).text).toContain('<option value="1" selected>');
    const first = await planned(id);
    await runTouches();
    expect(await touch(first.touchId)).toMatchObject({ state: 'sent' });
    service.clock.set(addDays(TEST_NOW, 1));
    const second = await planned(id);
    await runTouches();
    expect(await touch(second.touchId)).toMatchObject({
      state: 'cancelled',
      rule: 'cap',
      because: 'The contact asked for at most 1 messages within 7 days, and had 1.',
    });
    service.clock.set(addDays(TEST_NOW, 7));
    const third = await planned(id, 'email', 'tips');
    await runTouches();
    expect(await touch(third.touchId)).toMatchObject({ state: 'sent', because: null });
  });

  it('is obeyed by decisions, and no more once she takes it back', async () => {
    const id = await person();
    await grant(id, 'email');
    await save(pageOf(id), { weekly: '1' });
    await planned(id);
    await runTouches();
    const decide = async () =>
      (await call('post', '/api/v1/recommendations', {
        accountId: id,
        context: { channel: 'email' },
      })) as {
        suggestions: { channelId: string }[];
        suppressed: { rule: string }[];
      };
    const emailed = ({ suggestions }: Awaited<ReturnType<typeof decide>>) =>
      suggestions.some(({ channelId }) => channelId === 'email');
    const held = await decide();
    expect(emailed(held)).toBe(false);
    expect(JSON.stringify(held)).toContain('"cap"');
    await save(pageOf(id), { weekly: '' });
    expect(emailed(await decide())).toBe(true);
  });
});

describe('double opt-in', () => {
  const pending = async (id: string, changes: object = {}) =>
    (
      await call('post', `/api/v1/contacts/${id}/consents`, {
        channelId: 'email',
        purpose: 'marketing',
        status: 'pending',
        source: 'contact',
        wording: 'Yes, <news> please',
        ...changes,
      })
    ).consentId as string;
  const run = () => service.app.get(SendConfirmations, { strict: false }).runDue();
  const linkIn = (raw: string | undefined): string =>
    pathOf(/https:\/\/nba\.test\/confirm\/[\w.-]+/.exec((raw ?? '').replaceAll(/=\r\n/g, ''))?.[0] ?? 'x:/');

  it('asks once by mail, and grants when she presses the button', async () => {
    const id = await person();
    const consentId = await pending(id);
    await Promise.all([run(), run(), run()]);
    await run();
    expect(smtp.mails.map(({ to }) => to)).toEqual([`${id}@example.test`]);
    const path = linkIn(smtp.mails[0]?.raw);
    service.clock.set(addDays(TEST_NOW, 1));
    const page = await service.http.get(path);
    expect(page.text).toContain('Yes, &#60;news&#62; please');
    expect(await isAllowed(id, 'email')).toBe(false);
    for (let times = 0; times < 2; times += 1) {
      const answer = await service.http.post(path);
      expect([answer.status, answer.text.includes('It is confirmed.')]).toEqual([200, true]);
    }
    expect(await isAllowed(id, 'email')).toBe(true);
    expect((await consents(id)).history.slice(1)).toMatchObject([
      {
        status: 'granted',
        source: 'link',
        wording: 'Yes, <news> please',
        proof: `confirmation of ${consentId}`,
      },
    ]);
  });

  it('lapses after 7 days, and does not overrule a later "no"', async () => {
    const [late, refusing] = [await person(), await person({ locale: 'fa' })];
    await pending(late);
    await pending(refusing);
    await run();
    const link = (id: string) => linkIn(smtp.mails.find(({ to }) => to.startsWith(`${id}@`))?.raw);
    service.clock.set(addDays(TEST_NOW, 1));
    await post(pageOf(refusing), 'do=stop');
    const answer = await service.http.post(link(refusing));
    expect([answer.status, answer.text.includes('dir="rtl"')]).toEqual([409, true]);
    service.clock.set(addDays(TEST_NOW, 7));
    expect((await service.http.get(link(late))).status).toBe(410);
    expect((await service.http.post(link(late))).status).toBe(410);
    expect((await service.http.post(`${link(late)}x`)).status).toBe(404);
    expect([await isAllowed(late, 'email'), await isAllowed(refusing, 'email')]).toEqual([false, false]);
  });

  it('does not ask about other channels, imports, or after she said more; a passing refusal is tried again', async () => {
    const [other, imported, said, busy] = [await person(), await person(), await person(), await person()];
    await pending(other, { channelId: 'text' });
    await pending(imported, { source: 'import' });
    await pending(said);
    await post(pageOf(said), 'do=stop');
    await pending(busy);
    smtp.behave.set(`${busy}@example.test`, { refuse: 'recipient', code: 451 });
    await run();
    expect(smtp.mails).toEqual([]);
    smtp.behave.clear();
    await run();
    expect(smtp.mails).toEqual([]);
    service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    await run();
    expect(smtp.mails.map(({ to }) => to)).toEqual([`${busy}@example.test`]);
  });
});
