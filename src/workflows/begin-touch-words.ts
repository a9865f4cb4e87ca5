import {
  type Account,
  type Action,
  type Catalogue,
  type Channel,
  type Contact,
  type Content,
  fillPlaceholders,
  type PlaceholderValues,
  type Product,
  type Treatment,
} from '../catalogue/index.js';
import type { PreferenceLinks } from '../consent/index.js';
import { htmlOf, type Mail, textOf, withTouchInLinks } from '../delivery/index.js';
import type { OwnTouch } from '../events/index.js';
import { addDays, err, ok, type Result } from '../shared/index.js';

/** What a touch is made of, as the catalogue has it when it begins. */
export interface TouchMatter {
  account: Account;
  contact: Contact;
  channel: Channel;
  action: Action;
  product: Product | null;
  content: Content | null;
  treatment: Treatment | null;
}

/** A touch in words. */
export interface TouchWords {
  title: string;
  body: string;
  /** BCP 47. */
  language: string;
  /** Where the contact says no to more of it. */
  unsubscribeUrl: string;
  /** Where the contact says what she wants to get. */
  preferencesUrl: string;
}

const DEFAULT_LANGUAGE = 'en';
/** The link to unsubscribe never ends; this one can also allow something. */
const PREFERENCES_DAYS = 180;

/** Null when something that it is about is no longer kept. */
export function matterOf(
  { touch, plan }: OwnTouch,
  people: { account: Account; contacts: readonly Contact[] },
  catalogue: Catalogue,
): TouchMatter | null {
  const contact = people.contacts.find(({ contactId }) => contactId === touch.contactId);
  const channel = catalogue.channels.get(touch.channelId);
  const action = touch.actionId === null ? undefined : catalogue.actions.get(touch.actionId);
  const product = plan.productId === null ? null : catalogue.products.get(plan.productId);
  if (!contact || !channel || !action || product === undefined) return null;
  const treatments = catalogue.treatments.get(action.actionId) ?? [];
  return {
    account: people.account,
    contact,
    channel,
    action,
    product,
    content: plan.contentId === null ? null : (catalogue.content.get(plan.contentId) ?? null),
    treatment: treatments.find(({ treatmentId }) => treatmentId === plan.treatmentId) ?? null,
  };
}

/** The words in which it goes out, or why there are none. Null: the action has no words on this channel. */
export function wordsOf(
  { touch }: OwnTouch,
  matter: TouchMatter,
  links: PreferenceLinks,
): Result<TouchWords | null, string> {
  const { account, contact, action, treatment } = matter;
  if (treatment === null) return ok(null);
  const language = treatment.locale ?? contact.locale ?? account.locale ?? DEFAULT_LANGUAGE;
  const values = valuesOf(matter, language);
  const title = fillPlaceholders(treatment.title, values);
  const body = fillPlaceholders(treatment.body, values);
  if (!title.ok || !body.ok) {
    const missing = new Set([...(title.ok ? [] : title.error), ...(body.ok ? [] : body.error)]);
    return err(`Its wording names ${[...missing].join(', ')}, which is not known here.`);
  }
  return ok({
    title: title.value.replaceAll(/\s+/g, ' ').trim(),
    body: withTouchInLinks(body.value, touch.touchId),
    language,
    unsubscribeUrl: links.unsubscribeUrl(
      contact.contactId,
      touch.channelId,
      touch.purpose ?? action.purpose,
      touch.touchId,
    ),
    preferencesUrl: links.preferencesUrl({
      contactId: contact.contactId,
      touchId: touch.touchId,
      until: addDays(touch.at, PREFERENCES_DAYS),
    }),
  });
}

export function mailOf({ touch }: OwnTouch, { contact }: TouchMatter, words: TouchWords): Mail | null {
  if (contact.email === null) return null;
  return {
    mailId: touch.touchId,
    to: { name: contact.name ?? '', address: contact.email },
    subject: words.title,
    text: textOf(words),
    html: htmlOf(words),
    unsubscribe: { url: words.unsubscribeUrl },
    language: words.language,
  };
}

/** All that a connector needs to perform a touch: `data` of `touch.requested`. */
export function requestOf(
  { touch, plan }: OwnTouch,
  matter: TouchMatter,
  words: TouchWords | null,
): Record<string, unknown> {
  const { account, contact, channel, action, content } = matter;
  return {
    touchId: touch.touchId,
    accountId: touch.accountId,
    account: { name: account.name },
    contactId: contact.contactId,
    contact: {
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      locale: contact.locale ?? account.locale,
    },
    channelId: channel.channelId,
    channelKind: channel.kind,
    purpose: touch.purpose,
    actionId: action.actionId,
    actionName: action.name,
    productId: plan.productId,
    contentId: plan.contentId,
    contentUrl: content?.url ?? null,
    treatmentId: plan.treatmentId,
    title: words?.title ?? null,
    body: words?.body ?? null,
    language: words?.language ?? null,
    unsubscribeUrl: words?.unsubscribeUrl ?? null,
    preferencesUrl: words?.preferencesUrl ?? null,
    topics: touch.topics,
    decisionId: plan.decisionId,
    suggestionId: plan.suggestionId,
    begunAt: touch.at.toISOString(),
    notAfter: plan.slot.to.toISOString(),
    timeZone: plan.slot.timeZone,
  };
}

function valuesOf({ account, contact, product, content }: TouchMatter, language: string): PlaceholderValues {
  return {
    'contact.name': contact.name,
    'account.name': account.name,
    'product.name': product?.name ?? null,
    'product.price': product === null ? null : priceIn(product, language),
    'content.title': content?.title ?? null,
    'content.url': content?.url ?? null,
  };
}

function priceIn({ price, currency }: Product, language: string): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(price);
}
