import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  /** The whole message, headers unfolded. */
  headers: string;
  raw: string;
}

/** What the receiver does with the mail of one recipient. */
export type Behaviour =
  | 'accept'
  | { refuse: 'recipient' | 'message'; code: number }
  /** Takes the message and never answers. */
  | 'silence'
  /** Takes the message, keeps it, and breaks the connection instead of answering. */
  | 'break';

export interface SmtpReceiver {
  url: string;
  mails: ReceivedMail[];
  /** By address; all others are accepted. */
  behave: Map<string, Behaviour>;
  /** Called with each mail before it is answered for. */
  received: (mail: ReceivedMail) => void | Promise<void>;
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it gets. */
export async function startSmtp(): Promise<SmtpReceiver> {
  const receiver: Omit<SmtpReceiver, 'url' | 'close'> = {
    mails: [],
    behave: new Map(),
    received: () => undefined,
  };
  const behaviourOf = (address: string): Behaviour => receiver.behave.get(address) ?? 'accept';
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, answer) => {
      const behaviour = behaviourOf(address);
      if (typeof behaviour === 'object' && behaviour.refuse === 'recipient')
        return answer(refusal(behaviour.code));
      return answer();
    },
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const raw = Buffer.concat(chunks).toString();
        const headers = (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ');
        const behaviour = behaviourOf(to);
        if (typeof behaviour === 'object') return answer(refusal(behaviour.code));
        const mail = { to, raw, headers };
        receiver.mails.push(mail);
        if (behaviour === 'silence') return undefined;
        if (behaviour === 'break') return breakOff(session, server);
        return void Promise.resolve(receiver.received(mail)).then(() => answer());
      });
    },
  });
  server.on('error', () => undefined); // clients that are killed break their connections
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((done) => server.close(() => done())),
  });
}

function refusal(code: number): Error {
  return Object.assign(new Error(`said ${code}`), { responseCode: code });
}

function breakOff(session: SMTPServerSession, server: SMTPServer): void {
  for (const connection of server.connections) {
    if (isConnection(connection) && connection.id === session.id) connection._socket.destroy();
  }
}

/** What a connection of the server is beside what its types tell. */
function isConnection(given: unknown): given is { id: string; _socket: { destroy(): void } } {
  return typeof given === 'object' && given !== null && 'id' in given && '_socket' in given;
}
