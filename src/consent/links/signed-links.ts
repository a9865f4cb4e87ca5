import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ChannelId, type ContactId, type Purpose, purposes } from '../../catalogue/index.js';
import { isId } from '../../shared/index.js';
import type { ConsentId } from '../consent.js';
import {
  type ConfirmationSubject,
  type LinkSubject,
  PreferenceLinks,
  type PreferencesSubject,
} from './preference-links.js';

/** Say what is signed, so that a signature made for one thing is no good for another. */
const UNSUBSCRIBE = 'nba/preference-link/1';
const PREFERENCES = 'nba/preference-page/1';
const CONFIRMATION = 'nba/confirmation/1';
const SIGNATURE_BYTES = 20;

/**
 * Links that carry what they are for, signed with HMAC-SHA256. They hold as long as the key does: an old mail still
 * unsubscribes. Those that may also allow something carry the time at which they end.
 */
export class SignedPreferenceLinks extends PreferenceLinks {
  /** `publicUrl` is without a path. */
  constructor(
    private readonly publicUrl: string,
    private readonly key: string,
  ) {
    super();
  }

  unsubscribeUrl(contactId: ContactId, channelId: ChannelId, purpose: Purpose, touchId: string): string {
    return this.url('u', UNSUBSCRIBE, [contactId, channelId, purpose, touchId]);
  }

  read(token: string): LinkSubject | null {
    const [contactId, channelId, purposeSaid, touchId] = this.said(UNSUBSCRIBE, token);
    const purpose = purposes.find((known) => known === purposeSaid);
    if (!isId(contactId) || !isId(channelId) || !isId(touchId) || purpose === undefined) return null;
    return { contactId: contactId as ContactId, channelId: channelId as ChannelId, purpose, touchId };
  }

  preferencesUrl({ contactId, touchId, until }: PreferencesSubject): string {
    return this.url('preferences', PREFERENCES, [contactId, touchId, until.getTime()]);
  }

  readPreferences(token: string): PreferencesSubject | null {
    const [contactId, touchId, until] = this.said(PREFERENCES, token);
    if (!isId(contactId) || !(touchId === null || isId(touchId)) || !isTime(until)) return null;
    return { contactId: contactId as ContactId, touchId, until: new Date(until) };
  }

  confirmationUrl({ contactId, consentId, until }: ConfirmationSubject): string {
    return this.url('confirm', CONFIRMATION, [contactId, consentId, until.getTime()]);
  }

  readConfirmation(token: string): ConfirmationSubject | null {
    const [contactId, consentId, until] = this.said(CONFIRMATION, token);
    if (!isId(contactId) || !isId(consentId) || !isTime(until)) return null;
    return {
      contactId: contactId as ContactId,
      consentId: consentId as ConsentId,
      until: new Date(until),
    };
  }

  private url(page: string, context: string, content: readonly unknown[]): string {
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    const signature = this.sign(context, payload).toString('base64url');
    return new URL(`/${page}/${payload}.${signature}`, this.publicUrl).href;
  }

  /** What was signed in this context; empty when nothing was. */
  private said(context: string, token: string): readonly unknown[] {
    const [payload = '', signature = '', ...more] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const wanted = this.sign(context, payload);
    if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return [];
    const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return Array.isArray(content) ? content : [];
  }

  private sign(context: string, payload: string): Buffer {
    return createHmac('sha256', this.key)
      .update(`${context}:${payload}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}

function isTime(said: unknown): said is number {
  return typeof said === 'number' && Number.isSafeInteger(said);
}
