import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Mailroom } from '../support/mailroom.js';
import { forgetTouches, planned, startTouches } from '../support/touches.js';

let room: Mailroom;

beforeAll(async () => {
  room = await startTouches();
});
afterAll(() => room?.close());
beforeEach(() => forgetTouches(room));

describe('the link in a mail', () => {
  const linkOf = async () => {
    const { id } = await planned(room);
    await room.runTouches();
    const url = /List-Unsubscribe: <https:\/\/nba\.test(\/u\/[^>]+)>/.exec(
      room.smtp.mails.at(-1)?.headers ?? '',
    );
    return { id, path: url?.[1] ?? '' };
  };
  const isServed = (id: string) => room.isAllowed(id, 'email', 'service');

  it('does nothing when it is only looked at, and shows a button in her language', async () => {
    const { id, path } = await linkOf();
    const page = await room.service.http.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('<form method="post">');
    expect(await isServed(id)).toBe(true);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'a form with parts',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])(
    'unsubscribes at once by a POST of %s, without signing in and without a redirect',
    async (_, type, body) => {
      const { id, path } = await linkOf();
      for (let times = 0; times < 2; times += 1) {
        const answer = await room.service.http.post(path).set('content-type', type).send(body);
        expect(answer.status).toBe(200);
        expect(answer.text).toContain('You are unsubscribed.');
      }
      expect(await isServed(id)).toBe(false);
      const { history } = await room.consents(id);
      expect(history[0]).toMatchObject({ status: 'withdrawn', source: 'link', purpose: 'service' });
    },
  );

  it('that was changed is not one of ours', async () => {
    const { id, path } = await linkOf();
    const forged = `${path.slice(0, 10)}${path[10] === 'A' ? 'B' : 'A'}${path.slice(11)}`;
    expect((await room.service.http.post(forged)).status).toBe(404);
    expect((await room.service.http.get('/u/x')).status).toBe(404);
    expect(await isServed(id)).toBe(true);
  });
});
