import type { ChannelId, ContactId, Purpose } from '../../catalogue/index.js';
import type { ConsentId } from '../consent.js';

/** Who is addressed by a link, and about which mails. */
export interface LinkSubject {
  contactId: ContactId;
  channelId: ChannelId;
  purpose: Purpose;
  /** The touch that carried the link. */
  touchId: string;
}

/** Whose preferences a link opens. */
export interface PreferencesSubject {
  contactId: ContactId;
  /** The touch that carried the link; null when it was made for another reason. */
  touchId: string | null;
  /** From then on it opens nothing. */
  until: Date;
}

/** Which unconfirmed consent a link confirms. */
export interface ConfirmationSubject {
  contactId: ContactId;
  consentId: ConsentId;
  /** From then on it confirms nothing. */
  until: Date;
}

/** Links by which a contact changes her own consent without signing in: whoever has one, has it from us. */
export abstract class PreferenceLinks {
  /** RFC 8058: a POST there is a withdrawal, a GET shows a page. */
  abstract unsubscribeUrl(
    contactId: ContactId,
    channelId: ChannelId,
    purpose: Purpose,
    touchId: string,
  ): string;
  /** What an unsubscribe link was made for; null when we did not make it. */
  abstract read(token: string): LinkSubject | null;
  /** The page on which she says what she wants to get. */
  abstract preferencesUrl(subject: PreferencesSubject): string;
  /** Null when we did not make it; whether its time is over is for the reader to judge. */
  abstract readPreferences(token: string): PreferencesSubject | null;
  /** The page on which she says that it was she who asked. */
  abstract confirmationUrl(subject: ConfirmationSubject): string;
  /** Null when we did not make it; whether its time is over is for the reader to judge. */
  abstract readConfirmation(token: string): ConfirmationSubject | null;
}
