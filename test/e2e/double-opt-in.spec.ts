import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, HOUR } from '../../src/shared/index.js';
import { SendConfirmations } from '../../src/workflows/index.js';
import type { Mailroom } from '../support/mailroom.js';
import { pathOf, PreferencePages, startPreferences } from '../support/preferences.js';
import { TEST_NOW } from '../support/service.js';

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

describe('double opt-in', () => {
  const pending = async (id: string, changes: object = {}) =>
    (await room.says(id, 'pending', { wording: 'Yes, <news> please', ...changes })).consentId as string;
  const run = () => room.service.app.get(SendConfirmations, { strict: false }).runDue();
  const linkIn = (raw: string | undefined): string =>
    pathOf(/https:\/\/nba\.test\/confirm\/[\w.-]+/.exec((raw ?? '').replaceAll(/=\r\n/g, ''))?.[0] ?? 'x:/');

  it('asks once by mail, and grants when she presses the button', async () => {
    const id = await room.person();
    const consentId = await pending(id);
    await Promise.all([run(), run(), run()]);
    await run();
    expect(room.smtp.mails.map(({ to }) => to)).toEqual([`${id}@example.test`]);
    const path = linkIn(room.smtp.mails[0]?.raw);
    room.service.clock.set(addDays(TEST_NOW, 1));
    const page = await room.service.http.get(path);
    expect(page.text).toContain('Yes, &#60;news&#62; please');
    expect(await room.isAllowed(id, 'email')).toBe(false);
    for (let times = 0; times < 2; times += 1) {
      const answer = await room.service.http.post(path);
      expect([answer.status, answer.text.includes('It is confirmed.')]).toEqual([200, true]);
    }
    expect(await room.isAllowed(id, 'email')).toBe(true);
    expect((await room.consents(id)).history.slice(1)).toMatchObject([
      {
        status: 'granted',
        source: 'link',
        wording: 'Yes, <news> please',
        proof: `confirmation of ${consentId}`,
      },
    ]);
  });

  it('lapses after 7 days, and does not overrule a later "no"', async () => {
    const [late, refusing] = [await room.person(), await room.person({ locale: 'fa' })];
    await pending(late);
    await pending(refusing);
    await run();
    const link = (id: string) => linkIn(room.smtp.mails.find(({ to }) => to.startsWith(`${id}@`))?.raw);
    room.service.clock.set(addDays(TEST_NOW, 1));
    await pages.post(pages.pathFor(refusing), 'do=stop');
    const answer = await room.service.http.post(link(refusing));
    expect([answer.status, answer.text.includes('dir="rtl"')]).toEqual([409, true]);
    room.service.clock.set(addDays(TEST_NOW, 7));
    expect((await room.service.http.get(link(late))).status).toBe(410);
    expect((await room.service.http.post(link(late))).status).toBe(410);
    expect((await room.service.http.post(`${link(late)}x`)).status).toBe(404);
    expect([await room.isAllowed(late, 'email'), await room.isAllowed(refusing, 'email')]).toEqual([
      false,
      false,
    ]);
  });

  it('does not ask about other channels, imports, or after she said more; a passing refusal is tried again', async () => {
    const [other, imported, said, busy] = [
      await room.person(),
      await room.person(),
      await room.person(),
      await room.person(),
    ];
    await pending(other, { channelId: 'text' });
    await pending(imported, { source: 'import' });
    await pending(said);
    await pages.post(pages.pathFor(said), 'do=stop');
    await pending(busy);
    room.smtp.behave.set(`${busy}@example.test`, { refuse: 'recipient', code: 451 });
    await run();
    expect(room.smtp.mails).toEqual([]);
    room.smtp.behave.clear();
    await run();
    expect(room.smtp.mails).toEqual([]);
    room.service.clock.set(new Date(TEST_NOW.getTime() + HOUR));
    await run();
    expect(room.smtp.mails.map(({ to }) => to)).toEqual([`${busy}@example.test`]);
  });
});
