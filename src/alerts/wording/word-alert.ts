import type {
  Account,
  Catalogue,
  ChannelId,
  Contact,
  ContentId,
  ProductId,
  TeamMember,
} from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import type { Firing } from '../firing.js';
import { lookedAt } from '../raising/moment.js';
import { topicsOfEvent } from '../raising/recipients.js';
import type { TriggerRule, Wording } from '../rules/trigger-rule.js';
import type { MessageArgument } from './arguments.js';
import { english } from './en.js';
import { persian } from './fa.js';
import { formatMessage, type MessageValue } from './message-format.js';

/** Words of one language that rules need not bring themselves. */
export interface AlertWords {
  /** BCP 47, with the language's own calendar. */
  locale: string;
  /** Where a rule has no title. */
  title: string;
  somebody: string;
  /** Names of events as a person says them; others are said as they are called. */
  events: Readonly<Record<string, string>>;
}

/** What an alert speaks of. */
export interface Spoken {
  firing: Pick<Firing, 'event' | 'evidence' | 'at'>;
  account: Account;
  contact: Contact | null;
  member: Pick<TeamMember, 'name'> | null;
  before: readonly AccountEvent[];
  catalogue: Pick<Catalogue, 'products' | 'content' | 'channels'>;
}

const languages: readonly [keyof Wording, AlertWords][] = [
  ['en', english],
  ['fa', persian],
];

/** Title and message in the reader's language (BCP 47; English where there are no words in it) and time zone. */
export function wordAlert(
  rule: TriggerRule,
  spoken: Spoken,
  reader: { locale: string | null; timeZone: string },
): { title: string; message: string; locale: string } {
  const wanted = reader.locale?.split('-')[0]?.toLowerCase();
  const [language, words] = languages.find(
    ([known]) => known === wanted && rule.message[known] !== undefined,
  ) ?? ['en' as const, english];
  const values = valuesFor(rule, spoken, words);
  const say = (text: string) =>
    formatMessage(text, values, { locale: words.locale, timeZone: reader.timeZone });
  return {
    title: say(rule.title?.[language] ?? rule.title?.en ?? words.title),
    message: say(rule.message[language] ?? rule.message.en),
    locale: language,
  };
}

/** The need of a rule's context, with its placeholders filled. */
export function wordNeed(rule: TriggerRule, spoken: Spoken, timeZone: string): string | undefined {
  const need = rule.context?.need;
  if (need === undefined) return undefined;
  const text = formatMessage(need, valuesFor(rule, spoken, english), { locale: english.locale, timeZone });
  return text === '' ? undefined : text;
}

function valuesFor(
  rule: TriggerRule,
  { firing, account, contact, member, before, catalogue }: Spoken,
  words: AlertWords,
): Partial<Record<MessageArgument, MessageValue>> {
  const { properties, name } = firing.event;
  const text = (key: string): string | undefined => {
    const value = properties[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const productId = properties.productId ?? properties.productIds?.[0];
  const list = new Intl.ListFormat(words.locale, { type: 'conjunction' });
  const seen = lookedAt(before, catalogue);
  const [topic] = topicsOfEvent(properties);
  const accountName = account.name ?? account.accountId;
  return {
    account: accountName,
    contact: contact ? (contact.name ?? contact.contactId) : accountName,
    member: member?.name ?? words.somebody,
    event: words.events[name] ?? name,
    count: firing.evidence.length,
    hours: rule.withinHours,
    at: firing.at,
    ...given('topic', topic),
    ...given('product', productId && (catalogue.products.get(productId as ProductId)?.name ?? productId)),
    ...given('content', catalogue.content.get(properties.contentId as ContentId)?.title ?? text('contentId')),
    ...given('channel', catalogue.channels.get(properties.channel as ChannelId)?.name ?? text('channel')),
    ...given('place', text('placeName') ?? text('placeId')),
    ...given('value', properties.value),
    ...given('title', text('title')),
    ...given('what', text('what')),
    ...given('dueAt', properties['dueAt'] === undefined ? undefined : new Date(String(properties['dueAt']))),
    ...given('lookedAt', seen.length === 0 ? undefined : list.format(seen)),
  };
}

function given(
  name: MessageArgument,
  value: MessageValue | undefined,
): Partial<Record<MessageArgument, MessageValue>> {
  return value === undefined ? {} : { [name]: value };
}
