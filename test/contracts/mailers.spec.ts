import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FileMailer, type Mail, type Mailer, SmtpMailer } from '../../src/delivery/index.js';
import { type SmtpReceiver, startSmtp } from '../support/smtp.js';

const FROM = 'Shop <shop@example.test>';

const mail = (changes: Partial<Mail> = {}): Mail => ({
  mailId: 'touch_1',
  to: { name: 'Ana "A", Müller', address: 'ana@example.test' },
  subject: 'Neues\r\nBcc: all@example.test',
  text: 'Hallo Ana,\n.\nbis bald',
  html: '<p>Hallo Ana</p>',
  unsubscribe: { url: `https://nba.test/u/${'x'.repeat(120)}` },
  language: 'de',
  ...changes,
});

const unfolded = (raw: string) => (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ');

let smtp: SmtpReceiver;
let folder: string;

beforeAll(async () => {
  smtp = await startSmtp();
  folder = await mkdtemp(join(tmpdir(), 'nba-mail-'));
});
afterAll(async () => {
  await smtp.close();
  await rm(folder, { recursive: true });
});

const sinks: [string, () => { mailer: Mailer; last: () => Promise<string>; close: () => void }][] = [
  [
    'over SMTP',
    () => {
      const mailer = new SmtpMailer({ url: smtp.url, from: FROM });
      return { mailer, last: async () => smtp.mails.at(-1)?.raw ?? '', close: () => mailer.close() };
    },
  ],
  [
    'as files',
    () => ({
      mailer: new FileMailer(join(folder, 'mail'), FROM),
      last: () => readFile(join(folder, 'mail', 'touch_1.eml'), 'utf8'),
      close: () => undefined,
    }),
  ],
];

describe.each(sinks)('mail %s', (_, open) => {
  it('has a stable id, both bodies, and what RFC 8058 asks for, and no header of its words', async () => {
    const { mailer, last, close } = open();
    expect(await mailer.send(mail())).toEqual({ status: 'accepted' });
    const raw = await last();
    const headers = unfolded(raw);
    expect(headers).toContain('Message-ID: <touch_1@example.test>');
    expect(headers).toContain('From: Shop <shop@example.test>');
    expect(headers).toMatch(/List-Unsubscribe: ?<https:\/\/nba\.test\/u\/x{120}>/);
    expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(headers).toContain('Content-Language: de');
    expect(headers).not.toMatch(/^Bcc:/m);
    expect(headers).toContain('ana@example.test');
    expect(raw).toContain('Hallo Ana,');
    expect(raw).toContain('<p>Hallo Ana</p>');
    close();
  });

  it('to our own people asks nobody to unsubscribe', async () => {
    const { mailer, last, close } = open();
    const { unsubscribe: _unsubscribe, ...own } = mail();
    await mailer.send(own);
    const headers = unfolded(await last());
    expect(headers).not.toContain('List-Unsubscribe');
    expect(headers).toContain('Auto-Submitted: auto-generated');
    close();
  });
});

it('files are seen only when they are whole', async () => {
  await new FileMailer(join(folder, 'whole'), FROM).send(mail({ mailId: '../../escape' }));
  expect(await readdir(join(folder, 'whole'))).toEqual(['..%2F..%2Fescape.eml']);
});

describe('what the server answers', () => {
  let mailer: SmtpMailer;
  const to = (address: string, behaviour?: Parameters<SmtpReceiver['behave']['set']>[1]) => {
    if (behaviour) smtp.behave.set(address, behaviour);
    return mailer.send(mail({ mailId: address, to: { name: '', address } }));
  };

  beforeEach(() => {
    smtp.mails.length = 0;
    mailer = new SmtpMailer({ url: smtp.url, from: FROM, silenceMilliseconds: 500, connections: 2 });
  });

  it('is believed: refused for good, or for now', async () => {
    expect(await to('none@example.test', { refuse: 'recipient', code: 550 })).toMatchObject({
      status: 'refused',
      permanent: true,
      noSuchMailbox: true,
    });
    expect(await to('full@example.test', { refuse: 'recipient', code: 452 })).toMatchObject({
      status: 'refused',
      permanent: false,
    });
    expect(await to('spam@example.test', { refuse: 'message', code: 554 })).toMatchObject({
      status: 'refused',
      permanent: true,
    });
    mailer.close();
  });

  it('when there is none after the message was taken, nobody knows, and nothing is sent again', async () => {
    expect(await to('silent@example.test', 'silence')).toMatchObject({ status: 'uncertain' });
    expect(await to('broken@example.test', 'break')).toMatchObject({ status: 'uncertain' });
    expect(await to('fine@example.test')).toEqual({ status: 'accepted' });
    expect(smtp.mails.map((one) => one.to)).toEqual([
      'silent@example.test',
      'broken@example.test',
      'fine@example.test',
    ]);
    mailer.close();
  });

  it('when nobody listens, nothing has arrived', async () => {
    const nobody = new SmtpMailer({ url: 'smtp://127.0.0.1:1', from: FROM });
    expect(await nobody.send(mail())).toMatchObject({ status: 'refused', permanent: false });
    nobody.close();
  });
});
