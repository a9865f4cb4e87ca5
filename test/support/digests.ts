import { type DigestsDone, SendDigests } from '../../src/workflows/index.js';
import type { TestService } from './service.js';

/** Sends the digests that are due at the clock's time, as the worker does. */
export function sendDigests(service: TestService): Promise<DigestsDone> {
  return service.app.get(SendDigests, { strict: false }).runDue(service.clock.now());
}

export interface DigestRow {
  member_id: string;
  period: string;
  state: string;
  entries: Record<string, number> | null;
  because: string | null;
  attempts: (string | null)[];
}

/** What became of each digest, oldest first, with the outcome of each attempt. */
export function digestRows(service: TestService): Promise<DigestRow[]> {
  return service.database.query<DigestRow[]>(
    `select d.member_id, d.period, d.state, d.entries, d.because,
            array(select a.outcome from digest_attempts a
                   where a.member_id = d.member_id and a.period = d.period order by a.attempt) as attempts
       from digests d order by d.due_at, d.member_id`,
  );
}

/** The parts of a mail as a mail program shows them. */
export function partsOf(raw: string): { subject: string; text: string; html: string } {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`);
  const part = (type: string): string => {
    const found = parts.find((one) => new RegExp(`Content-Type: ${type}`, 'i').test(one)) ?? '';
    const [head = '', ...body] = found.trimStart().split('\r\n\r\n');
    return decoded(body.join('\r\n\r\n'), /Content-Transfer-Encoding: (\S+)/i.exec(head)?.[1] ?? '7bit');
  };
  const unfolded = raw.replaceAll(/\r\n[ \t]+/g, ' ');
  return {
    subject: words(/^Subject: (.*)$/m.exec(unfolded)?.[1] ?? ''),
    text: part('text/plain'),
    html: part('text/html'),
  };
}

function decoded(body: string, encoding: string): string {
  if (encoding.toLowerCase() === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding.toLowerCase() !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** RFC 2047. */
function words(header: string): string {
  return header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : decoded(text.replaceAll('_', ' '), 'quoted-printable'),
    );
}
