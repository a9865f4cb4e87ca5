import type { MailReceipt } from '../mailer.js';

/** What the library says when a mail was not handed over. */
export interface SmtpFailure {
  message: string;
  /** Of the library: EENVELOPE, EMESSAGE, EAUTH, ETIMEDOUT… */
  code?: string;
  /** Of the server, three digits. */
  responseCode?: number;
  /** Where in the conversation: `RCPT TO`, `DATA`… */
  command?: string;
}

/** Replies to a recipient that say that there is no such mailbox (RFC 5321, 4.2.3). */
const NO_SUCH_MAILBOX = new Set([550, 551, 553]);

/**
 * A reply of the server is certain: 4xx passes, 5xx stays, where it is about the recipient or the message; about us (the
 * sender, the login, the greeting) it is no reason to give the address up. Without a reply, what matters is whether
 * anything of the message had been handed over: if not, it did not arrive; if so, nobody knows.
 */
export function judgeFailure(failure: SmtpFailure, handedOver: boolean): MailReceipt {
  const because = failure.message.slice(0, 500);
  const { code, responseCode, command } = failure;
  if (responseCode !== undefined) {
    const aboutMail = (code === 'EENVELOPE' && command === 'RCPT TO') || code === 'EMESSAGE';
    const permanent = responseCode >= 500 && aboutMail;
    const noSuchMailbox = permanent && command === 'RCPT TO' && NO_SUCH_MAILBOX.has(responseCode);
    return { status: 'refused', because, permanent, ...(noSuchMailbox ? { noSuchMailbox } : {}) };
  }
  if (handedOver) return { status: 'uncertain', because };
  // an address that no server can be asked about, such as one without a domain
  const permanent = code === 'EENVELOPE';
  return { status: 'refused', because, permanent, ...(permanent ? { noSuchMailbox: true } : {}) };
}
