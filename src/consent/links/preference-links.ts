import type { ChannelId, ContactId, Purpose } from '../../catalogue/index.js';

/** Who is addressed by a link, and about which mails. */
export interface LinkSubject {
  contactId: ContactId;
  channelId: ChannelId;
  purpose: Purpose;
  /** The touch that carried the link. */
  touchId: string;
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
  /** What a link was made for; null when we did not make it. */
  abstract read(token: string): LinkSubject | null;
}
