import type { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import { type Mail, Mailer, type MailReceipt } from '../mailer.js';
import { judgeFailure, type SmtpFailure } from './judge-failure.js';
import { mailOptions } from './mail-headers.js';

const SECOND = 1000;
const CONNECT_MILLISECONDS = 10 * SECOND;
const SILENCE_MILLISECONDS = 60 * SECOND;
/** A server that drips keeps every silence short: the whole conversation is over by then. */
const WHOLE_MILLISECONDS = 120 * SECOND;

export interface SmtpSettings {
  /** smtp://user:password@host:port or smtps://… */
  url: string;
  from: string;
  /** Connections that are kept open. */
  connections?: number;
  connectMilliseconds?: number;
  /** Longest silence of the server in the middle of a conversation. */
  silenceMilliseconds?: number;
  wholeMilliseconds?: number;
}

/** Hands mails to an SMTP server over a few connections that are kept open. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;
  /** What is read of each mail under way: nothing of it is, before the server has agreed to take it. */
  private readonly streams = new Map<string, Readable[]>();

  constructor(private readonly settings: SmtpSettings) {
    super();
    const connect = settings.connectMilliseconds ?? CONNECT_MILLISECONDS;
    this.transport = createTransport({
      url: settings.url,
      pool: true,
      // it never sends by itself what was begun on a connection that broke
      maxRequeues: 0,
      maxConnections: settings.connections ?? 4,
      connectionTimeout: connect,
      greetingTimeout: connect,
      dnsTimeout: connect,
      socketTimeout: settings.silenceMilliseconds ?? SILENCE_MILLISECONDS,
    });
    this.transport.use('stream', (mail, done) => {
      const { message } = mail;
      const streams = this.streams.get(keyOf(mail.data.messageId));
      const create = message.createReadStream.bind(message);
      message.createReadStream = (...options) => {
        const stream = create(...options);
        streams?.push(stream);
        return stream;
      };
      done();
    });
  }

  async send(mail: Mail): Promise<MailReceipt> {
    const options = mailOptions(mail, this.settings.from);
    const key = keyOf(options.messageId);
    const streams: Readable[] = [];
    this.streams.set(key, streams);
    try {
      const limit = this.settings.wholeMilliseconds ?? WHOLE_MILLISECONDS;
      await this.transport.sendMail({ ...options, signal: AbortSignal.timeout(limit) });
      return { status: 'accepted' };
    } catch (cause) {
      const handedOver = streams.some((stream) => stream.readableDidRead);
      return judgeFailure(cause as SmtpFailure, handedOver);
    } finally {
      this.streams.delete(key);
    }
  }

  /** Ends the connections; what waits is refused. */
  close(): void {
    this.transport.close();
  }
}

function keyOf(messageId: unknown): string {
  return String(messageId);
}
