import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ChannelId, type ContactId, type Purpose, purposes } from '../../catalogue/index.js';
import { isId } from '../../shared/index.js';
import { type LinkSubject, PreferenceLinks } from './preference-links.js';

/** Says what is signed, so that a signature made for one thing is no good for another. */
const CONTEXT = 'nba/preference-link/1';
const SIGNATURE_BYTES = 20;

/** Links that carry what they are for, signed with HMAC-SHA256. They hold as long as the key does: an old mail still unsubscribes. */
export class SignedPreferenceLinks extends PreferenceLinks {
  /** `publicUrl` is without a path. */
  constructor(
    private readonly publicUrl: string,
    private readonly key: string,
  ) {
    super();
  }

  unsubscribeUrl(contactId: ContactId, channelId: ChannelId, purpose: Purpose, touchId: string): string {
    const payload = Buffer.from(JSON.stringify([contactId, channelId, purpose, touchId])).toString(
      'base64url',
    );
    return new URL(`/u/${payload}.${this.sign(payload).toString('base64url')}`, this.publicUrl).href;
  }

  read(token: string): LinkSubject | null {
    const [payload = '', signature = '', ...more] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const wanted = this.sign(payload);
    if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    return subjectIn(payload);
  }

  private sign(payload: string): Buffer {
    return createHmac('sha256', this.key)
      .update(`${CONTEXT}:${payload}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}

function subjectIn(payload: string): LinkSubject | null {
  const said: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (!Array.isArray(said)) return null;
  const [contactId, channelId, purposeSaid, touchId] = said as unknown[];
  const purpose = purposes.find((known) => known === purposeSaid);
  if (!isId(contactId) || !isId(channelId) || !isId(touchId) || purpose === undefined) return null;
  return { contactId: contactId as ContactId, channelId: channelId as ChannelId, purpose, touchId };
}
