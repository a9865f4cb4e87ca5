import { describe, expect, it } from '@jest/globals';
import { judgeFailure, type SmtpFailure } from './judge-failure.js';

const failure = (changes: Partial<SmtpFailure>): SmtpFailure => ({ message: 'failed', ...changes });
const recipient = (responseCode: number) => failure({ code: 'EENVELOPE', command: 'RCPT TO', responseCode });
const message = (responseCode: number) => failure({ code: 'EMESSAGE', command: 'DATA', responseCode });

describe('what a failure of SMTP means', () => {
  it.each([
    ['the mailbox does not exist', recipient(550), { permanent: true, noSuchMailbox: true }],
    ['the recipient is refused for another lasting reason', recipient(554), { permanent: true }],
    ['the mailbox is full for now', recipient(452), { permanent: false }],
    ['the message is refused', message(554), { permanent: true }],
    ['the message cannot be taken now', message(451), { permanent: false }],
    [
      'the sender is refused, which is no fault of the recipient',
      failure({ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 }),
      { permanent: false },
    ],
    [
      'the login is refused',
      failure({ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }),
      { permanent: false },
    ],
  ])('%s: refused', (_, failed, expected) => {
    expect(judgeFailure(failed, true)).toEqual({ status: 'refused', because: 'failed', ...expected });
  });

  it('is certain before anything was handed over, and uncertain after it, where the server said nothing', () => {
    const broken = failure({ code: 'ECONNECTION', command: 'CONN' });
    expect(judgeFailure(broken, false)).toEqual({ status: 'refused', because: 'failed', permanent: false });
    expect(judgeFailure(broken, true)).toEqual({ status: 'uncertain', because: 'failed' });
  });
});
