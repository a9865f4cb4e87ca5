import type { Reason } from '../../recommender/index.js';
import { english } from './en.js';
import { persian } from './fa.js';
import type { ReasonCode } from '../reasons.js';

/** Arguments of a sentence, with what the language makes of numbers and days. */
export interface Sentence {
  subject: string;
  count: number;
  /** Name of the latest event, in words of the language where it has them. */
  event: string;
  /** The count in the language's digits. */
  number: string;
  /** Days of the first and the last event, in the reader's zone. */
  since: string;
  last: string;
  /** Plural category of the count. */
  plural: Intl.LDMLPluralRule;
}

export interface MessageCatalogue {
  locale: string;
  /** Names of events as a person says them; others are said as they are called. */
  events: Readonly<Record<string, string>>;
  reasons: Readonly<Record<ReasonCode, (sentence: Sentence) => string>>;
}

const catalogues: readonly MessageCatalogue[] = [english, persian];

/** The catalogue of a language (BCP 47); English where there is none. */
function catalogueFor(locale: string | null): MessageCatalogue {
  const language = locale?.split('-')[0]?.toLowerCase();
  return catalogues.find((known) => known.locale.startsWith(`${language}-`)) ?? english;
}

/** A reason in words: counts and days as the reader's language writes them, days by its own calendar. */
export function wordReason(reason: Reason, locale: string | null, timeZone: string): string {
  const catalogue = catalogueFor(locale);
  const { subject = '', count = 0, event = '', since = '', last = '' } = reason.args;
  const day = dayIn(catalogue.locale, timeZone);
  const say = catalogue.reasons[reason.code as ReasonCode] ?? catalogue.reasons.activity;
  return say({
    subject: String(subject),
    count: Number(count),
    event: catalogue.events[String(event)] ?? String(event),
    number: numbers(catalogue.locale).format(Number(count)),
    since: day.format(new Date(String(since))),
    last: day.format(new Date(String(last))),
    plural: plurals(catalogue.locale).select(Number(count)),
  });
}

const days = new Map<string, Intl.DateTimeFormat>();

function dayIn(locale: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  let format = days.get(key);
  if (!format) days.set(key, (format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone })));
  return format;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

function numbers(locale: string): Intl.NumberFormat {
  let format = numberFormats.get(locale);
  if (!format) numberFormats.set(locale, (format = new Intl.NumberFormat(locale)));
  return format;
}

const pluralRules = new Map<string, Intl.PluralRules>();

function plurals(locale: string): Intl.PluralRules {
  let rules = pluralRules.get(locale);
  if (!rules) pluralRules.set(locale, (rules = new Intl.PluralRules(locale)));
  return rules;
}
