/** One e-mail, ready to go. */
export interface Mail {
  /** Stable: becomes the Message-ID, so that a repetition is recognised. */
  mailId: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html?: string;
  /** RFC 8058: for mails to customers. */
  unsubscribe?: { url: string };
  language: string;
}

/** What became of handing a mail over. `uncertain`: it may or may not have arrived, such as after a broken connection. */
export type MailReceipt =
  | { status: 'accepted' }
  /** `noSuchMailbox`: it will never take anything. */
  | { status: 'refused'; because: string; permanent: boolean; noSuchMailbox?: boolean }
  | { status: 'uncertain'; because: string };

/** Hands mails over to a server, or drops them as files where none is configured. Never tries again by itself. */
export abstract class Mailer {
  abstract send(mail: Mail): Promise<MailReceipt>;
}
