import { type ChannelKind, channelKinds, type Intent } from '../../catalogue/index.js';
import { calendarDay, toWall } from '../../contact-policy/index.js';
import type { Reason } from '../../recommender/index.js';
import { DAY, HOUR, MINUTE } from '../../shared/index.js';
import type { ReasonCode } from '../reasons.js';
import { deedsOf } from './deeds.js';
import { english } from './en.js';
import { persian } from './fa.js';
import type { Day, Language } from './language.js';

const languages: readonly Language[] = [english, persian];

/** The language of a locale (BCP 47); English where there is none. */
function languageFor(locale: string | null): Language {
  const language = locale?.split('-')[0]?.toLowerCase();
  return languages.find((known) => known.locale.startsWith(`${language}-`)) ?? english;
}

/** Who reads: in which language, where, and when. */
export interface Reader {
  locale: string | null;
  /** IANA zone in which days and hours are told. */
  timeZone: string;
  now: Date;
}

/** Names of those whom reasons speak of; what is not known is spoken of in general. */
export interface SpokenOf {
  contact: (contactId: string) => string | null;
  account: string | null;
}

/** A reason as a sentence: counts and days as the reader's language writes them, days by its own calendar. */
export function wordReason(reason: Reason, reader: Reader, names: SpokenOf): string {
  const language = languageFor(reader.locale);
  const { subject = '', count = 0, event = '', events = '{}', contact = '', last = '' } = reason.args;
  const say = language.reasons[reason.code as ReasonCode] ?? language.reasons.activity;
  const name = contact === '' ? null : names.contact(String(contact));
  const at = new Date(String(last));
  return say({
    who: name ?? language.somebody(names.account),
    subject: isTopic(reason.code) ? topicName(String(subject), reader.locale) : String(subject),
    count: Number(count),
    of: Number(reason.args['of'] ?? 0),
    after: channelKinds.find((kind) => kind === reason.args['after']) ?? null,
    every: Number(reason.args['every'] ?? 0),
    daysAgo: Math.max(0, Math.floor((reader.now.getTime() - at.getTime()) / DAY)),
    other: String(reason.args['other'] ?? ''),
    accounts: Number(reason.args['accounts'] ?? 0),
    done: deedsOf(JSON.parse(String(events)) as Record<string, number>),
    event: language.events[String(event)] ?? String(event),
    last: language.happened(dayOf(at, reader, language), timeOf(at, reader, language)),
    number: (value) => numbers(language.locale).format(value),
    plural: (value, forms) => forms[plurals(language.locale).select(value)] ?? forms.other,
    list: (parts) => lists(language.locale).format(parts),
  });
}

function isTopic(code: string): boolean {
  return code === 'topic-interest';
}

/** A topic's id as words: `side-effects` is "side effects". */
export function topicName(topic: string, locale: string | null): string {
  return languageFor(locale).topics[topic] ?? topic.replaceAll(/[-_]/g, ' ');
}

/** An event's name as a person says it. */
export function eventName(name: string, locale: string | null): string {
  return languageFor(locale).events[name] ?? name;
}

export interface Announced {
  channelKind: ChannelKind | undefined;
  channel: string;
  automatic: boolean;
  contact: string;
  intent: Intent;
  action: string;
  /** Ids of the action's own topics. */
  topics: readonly string[];
  product: string | null;
  slot: { from: Date; to: Date; timeZone: string };
}

/** Topics that a headline names. */
const TOPICS_NAMED = 2;

/** What to do, with whom, about what and when, in one line. The slot is told in its own zone. */
export function headlineOf(
  { topics, slot, ...one }: Announced,
  { locale, now }: Omit<Reader, 'timeZone'>,
): string {
  const language = languageFor(locale);
  const there = { locale, now, timeZone: slot.timeZone };
  return language.headline({
    ...one,
    topics: topics.slice(0, TOPICS_NAMED).map((topic) => topicName(topic, locale)),
    slot: language.slot(
      dayOf(slot.from, there, language),
      hourOf(slot.from, there, language),
      hourOf(slot.to, there, language),
    ),
    list: (parts) => lists(language.locale).format(parts),
  });
}

function dayOf(at: Date, { timeZone, now }: Reader, { locale }: Language): Day {
  const day = (time: Date): number => calendarDay(toWall(timeZone, time.getTime()));
  return {
    away: day(at) - day(now),
    weekday: dates(locale, timeZone, { weekday: 'long' }).format(at),
    date: dates(locale, timeZone, { dateStyle: 'long' }).format(at),
  };
}

function timeOf(at: Date, { timeZone }: Reader, { locale }: Language): string {
  return dates(locale, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** "14" at the full hour, else "14:30". */
function hourOf(at: Date, reader: Reader, language: Language): string {
  const sinceMidnight = toWall(reader.timeZone, at.getTime()) % DAY;
  const fullHour = sinceMidnight % HOUR < MINUTE;
  return fullHour
    ? numbers(language.locale).format(Math.floor(sinceMidnight / HOUR))
    : timeOf(at, reader, language);
}

const kept = new Map<string, unknown>();

/** Making a formatter costs a hundred times what using it does. */
function keep<Format>(key: string, make: () => Format): Format {
  let format = kept.get(key) as Format | undefined;
  if (!format) kept.set(key, (format = make()));
  return format;
}

function dates(locale: string, timeZone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return keep(
    `date ${locale} ${timeZone} ${JSON.stringify(style)}`,
    () => new Intl.DateTimeFormat(locale, { ...style, timeZone }),
  );
}

function numbers(locale: string): Intl.NumberFormat {
  return keep(`number ${locale}`, () => new Intl.NumberFormat(locale));
}

function plurals(locale: string): Intl.PluralRules {
  return keep(`plural ${locale}`, () => new Intl.PluralRules(locale));
}

function lists(locale: string): Intl.ListFormat {
  return keep(`list ${locale}`, () => new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }));
}
