import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../mailer.js';

/**
 * What the library is told about a mail. The Message-ID is made of the mail's own id, so that a repetition is recognised;
 * RFC 8058: a mail program may unsubscribe with one POST.
 */
export function mailOptions(mail: Mail, from: string): SendMailOptions {
  const { unsubscribe } = mail;
  return {
    from,
    to: { name: mail.to.name, address: mail.to.address },
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    messageId: `<${encodeURIComponent(mail.mailId)}@${domainOf(from)}>`,
    headers: {
      'Content-Language': mail.language,
      ...(unsubscribe
        ? {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribe.url}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : { 'Auto-Submitted': 'auto-generated' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf(from: string): string {
  return /@([^<>\s@]+)>?$/.exec(from)?.[1] ?? 'localhost';
}
