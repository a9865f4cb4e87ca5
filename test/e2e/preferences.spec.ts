import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContactId } from '../../src/catalogue/index.js';
import { PreferenceLinks } from '../../src/consent/index.js';
import { addDays, HOUR } from '../../src/shared/index.js';
import type { Mailroom } from '../support/mailroom.js';
import { formOf, pathOf, PreferencePages, startPreferences } from '../support/preferences.js';
import { TEST_NOW } from '../support/service.js';

const purpose = 'marketing';

let room: Mailroom;
let pages: PreferencePages;

beforeAll(async () => {
  room = await startPreferences();
  pages = new PreferencePages(room);
});
afterAll(() => room?.close());
beforeEach(() => {
  room.smtp.mails.length = 0;
  room.service.clock.set(TEST_NOW);
});

describe('the preference page', () => {
  it('shows in words what she gets, loads nothing, and is kept nowhere', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    const page = await room.service.http.get(pages.pathFor(id)).set('accept-language', 'en-GB');
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
    const id = await room.person();
    const asked = await room.service.http.get(pages.pathFor(id)).set('accept-language', 'fa-IR,fa;q=0.9');
    expect(asked.text).toContain('<html lang="fa" dir="rtl">');
    expect(asked.text).toContain('با ایمیل');
    const persian = pages.pathFor(await room.person({ locale: 'fa-IR' }));
    expect((await room.service.http.get(persian)).text).toContain('<html lang="fa" dir="rtl">');
    expect((await room.service.http.get(`${persian}?language=en`)).text).toContain(
      '<html lang="en" dir="ltr">',
    );
  });

  it('is not opened by a link that is changed, made for something else, over, or of nobody', async () => {
    const id = await room.person();
    const path = pages.pathFor(id);
    const links = room.service.app.get(PreferenceLinks, { strict: false });
    const other = pathOf(links.unsubscribeUrl(id as ContactId, 'email' as never, 'marketing', 't'));
    const forged = `${path.slice(0, 20)}${path[20] === 'A' ? 'B' : 'A'}${path.slice(21)}`;
    const wrong = [forged, other.replace('/u/', '/preferences/'), '/preferences/x', pages.pathFor('nobody')];
    for (const one of wrong) {
      expect((await room.service.http.get(one)).status).toBe(404);
      expect((await pages.post(one, 'do=stop')).status).toBe(404);
    }
    expect((await room.service.http.get(path.replace('/preferences/', '/u/'))).status).toBe(404);
    room.service.clock.set(addDays(TEST_NOW, 180));
    expect((await room.service.http.get(path)).status).toBe(410);
    expect((await pages.post(path, 'do=stop')).status).toBe(410);
    expect((await room.consents(id)).history).toEqual([]);
  });

  it('changes nothing when programs look at the link', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    const { touchId } = await room.plan(id, { purpose });
    const before = await room.consents(id);
    for (let times = 0; times < 3; times += 1) await room.service.http.get(pages.pathFor(id));
    await room.service.http.head(pages.pathFor(id));
    expect(await room.consents(id)).toEqual(before);
    expect(await room.touch(touchId)).toMatchObject({ state: 'planned' });
  });

  it('records what she changed, and only that, as her own word', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    room.service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const answer = await pages.save(pages.pathFor(id), {
      tick: ['marketing:text'],
      untick: ['marketing:email'],
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Your choices are saved.');
    const said: { channelId: string }[] = (await room.consents(id)).history.slice(1);
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
    expect((await pages.save(pages.pathFor(id), {})).text).toContain('Nothing was changed.');
    expect((await room.consents(id)).history).toHaveLength(3);
  });

  it('does not give again what she took back elsewhere while the page was open', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    room.service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const open = (await room.service.http.get(pages.pathFor(id))).text;
    await room.says(id, 'withdrawn', { source: 'member' });
    room.service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    await pages.post(pages.pathFor(id), formOf(open, { tick: ['marketing:text'] }));
    expect([await room.isAllowed(id, 'email'), await room.isAllowed(id, 'text')]).toEqual([false, true]);
  });

  it('stops everything, and says what was stopped and what was already on its way', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    await room.says(id, 'granted', { channelId: 'text' });
    const sending = await room.plan(id, { purpose, channelId: 'text' });
    await room.runTouches();
    const waiting = await room.plan(id, { purpose });
    room.service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    const answer = await pages.post(pages.pathFor(id), 'do=stop');
    expect(answer.text).toContain('Everything is stopped.');
    expect(answer.text).toContain('Planned messages that were stopped: 1.');
    expect(answer.text).not.toContain('Plans to contact you');
    expect(answer.text).toMatch(
      /Already on its way[^<]*<\/p><ul><li>by text message, <time[^>]*>2 Mar 2026, 10:00/,
    );
    expect(answer.text).not.toMatch(/value="marketing:\w+" checked/);
    expect(await room.touch(waiting.touchId)).toMatchObject({ state: 'cancelled', rule: 'consent' });
    expect(await room.touch(sending.touchId)).toMatchObject({ state: 'sending' });
    const { items } = await room.call('get', `suggestions?accountId=${id}&state=withdrawn`);
    expect(items.map((one: { suggestionId: string }) => one.suggestionId)).toContain(waiting.suggestionId);
    room.service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    await pages.save(pages.pathFor(id), { tick: ['marketing:email'] });
    expect([await room.isAllowed(id, 'email'), await room.isAllowed(id, 'text')]).toEqual([true, false]);
  });

  it('takes topics one by one, however many there are', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    room.service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    await pages.save(pages.pathFor(id), { untick: ['topic-24'] });
    expect((await room.consents(id)).history.slice(1)).toMatchObject([
      { channelId: '*', purpose: '*', topic: 'topic-24', status: 'withdrawn' },
    ]);
    room.service.clock.set(new Date(TEST_NOW.getTime() + 2 * HOUR));
    expect((await room.service.http.get(pages.pathFor(id))).text).toContain('value="topic-24">');
    await pages.save(pages.pathFor(id), { tick: ['topic-24'] });
    const again = (await room.consents(id)).history.slice(2);
    expect(again.map((one: { channelId: string }) => one.channelId).sort()).toEqual(['email', 'visit']);
    expect((await room.service.http.get(pages.pathFor(id))).text).toContain('value="topic-24" checked>');
  });

  it('refuses what no form of ours says', async () => {
    const id = await room.person();
    for (const form of [
      '',
      'do=x',
      'do=save&weekly=0',
      'do=save&weekly=51',
      'do=save&weekly=1e1',
      'do=save&do=stop',
    ]) {
      const answer = await pages.post(pages.pathFor(id), form);
      expect([form, answer.status]).toEqual([form, 422]);
      expect(answer.text).toContain('role="alert"');
    }
    await pages.post(
      pages.pathFor(id),
      'do=save&shown=0marketing:nothing&allow=marketing:nothing&topic-shown=0x&topic=x',
    );
    await pages.post(pages.pathFor(id), 'do=save&__proto__=x&shown=0__proto__&allow=__proto__');
    expect((await room.consents(id)).history).toEqual([]);
  });

  it('is linked from every mail', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    await room.plan(id, { purpose });
    await room.runTouches();
    const text = room.smtp.mails[0]?.raw.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=') ?? '';
    const link = /Manage what you get: (https:\/\/nba\.test\/preferences\/\S+)/.exec(text)?.[1] ?? '';
    expect((await room.service.http.get(pathOf(link))).status).toBe(200);
  });
});

describe('her own cap', () => {
  it('holds back what is planned beyond it, until the week has passed', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    expect((await pages.save(pages.pathFor(id), { weekly: '1' })).text).toContain(
      '<option value="1" selected>',
    );
    const first = await room.plan(id, { purpose });
    await room.runTouches();
    expect(await room.touch(first.touchId)).toMatchObject({ state: 'sent' });
    room.service.clock.set(addDays(TEST_NOW, 1));
    const second = await room.plan(id, { purpose });
    await room.runTouches();
    expect(await room.touch(second.touchId)).toMatchObject({
      state: 'cancelled',
      rule: 'cap',
      because: 'The contact asked for at most 1 messages within 7 days, and had 1.',
    });
    room.service.clock.set(addDays(TEST_NOW, 7));
    const third = await room.plan(id, { purpose, actionId: 'tips' });
    await room.runTouches();
    expect(await room.touch(third.touchId)).toMatchObject({ state: 'sent', because: null });
  });

  it('is obeyed by decisions, and no more once she takes it back', async () => {
    const id = await room.person();
    await room.says(id, 'granted');
    await pages.save(pages.pathFor(id), { weekly: '1' });
    await room.plan(id, { purpose });
    await room.runTouches();
    const decide = async () =>
      (await room.call('post', 'recommendations', {
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
    await pages.save(pages.pathFor(id), { weekly: '' });
    expect(emailed(await decide())).toBe(true);
  });
});
