import type { Channel, ChannelId } from '../../catalogue/index.js';
import type { Choice, ConsentFact, Preferences } from '../../consent/index.js';
import { purposes } from '../../catalogue/index.js';
import { escaped, htmlPage, type PageLanguage } from '../http/html-page.js';
import { choiceValue, fields, shownValue, weeklyValue } from './preferences-form.js';
import { preferenceWords, type PreferenceWords } from './preferences-wording.js';

/** What a change did, as far as it concerns her. */
export interface Told {
  kind: 'saved' | 'stopped-all' | 'unchanged' | 'wrong';
  /** Planned touches that were cancelled, and other suggestions that were withdrawn. */
  cancelled: number;
  withdrawn: number;
  onTheirWay: readonly { channelId: ChannelId; at: Date }[];
}

export interface PreferencesView {
  language: PageLanguage;
  /** IANA zone in which she lives. */
  timeZone: string;
  channels: ReadonlyMap<ChannelId, Channel>;
  preferences: Preferences;
  told: Told | null;
  /** Her browser asks for Global Privacy Control. */
  signals: boolean;
}

const OFFERED_CAPS = [1, 2, 3, 5, 7, 14];

/** The page on which a contact says what she wants to get. It works without script. */
export function preferencesPage(view: PreferencesView): string {
  const { language, preferences, told, signals } = view;
  const words = preferenceWords[language];
  const other = language === 'fa' ? 'en' : 'fa';
  const body = `${told ? toldIn(told, view) : ''}<p>${words.intro} <a href="?language=${other}" lang="${other}">${words.other}</a></p>
${signals ? `<p class="told">${words.signal}</p>\n` : ''}<form method="post" action="?language=${language}">
${purposes.map((purpose) => purposeIn(purpose, view)).join('')}${topicsIn(preferences, words)}${frequencyIn(preferences, language)}
<p><button name="${fields.act}" value="save">${words.save}</button></p>
</form>
<form method="post" action="?language=${language}">
<p><button class="stop" name="${fields.act}" value="stop" aria-describedby="stop-hint">${words.stop}</button><br>
<small id="stop-hint">${words.stopHint}</small></p>
</form>`;
  return htmlPage({ language, title: words.title, body });
}

/** A page that only says why there is nothing to choose. */
export function noPreferencesPage(language: PageLanguage, why: 'unknown' | 'expired'): string {
  const words = preferenceWords[language];
  const text = why === 'unknown' ? `${words.unknown} ${words.mend}` : `${words.expired} ${words.newer}`;
  return htmlPage({ language, title: words.title, body: `<p role="alert">${text}</p>`, short: true });
}

/** A choice in words that can stand as proof. */
export function choiceInWords(
  choice: Choice,
  isAllowed: boolean,
  channels: ReadonlyMap<ChannelId, Channel>,
  language: PageLanguage,
): string {
  const words = preferenceWords[language];
  const how = howIn(choice, [], channels, words);
  const what = words.purposes[choice.purpose];
  return isAllowed ? words.allowed(what, how) : words.refused(what, how);
}

/** An agreement that was recorded without its words. */
export function factInWords(
  { channelId, purpose, topic }: Pick<ConsentFact, 'channelId' | 'purpose' | 'topic'>,
  channels: ReadonlyMap<ChannelId, Channel>,
  language: PageLanguage,
): string {
  const words = preferenceWords[language];
  const kind = channelId === '*' ? undefined : channels.get(channelId)?.kind;
  const what = purpose === '*' ? Object.values(words.purposes).join('; ') : words.purposes[purpose];
  const about = topic === null ? what : `${what} (${topic})`;
  return words.allowed(about, kind ? words.kinds[kind] : channelId);
}

function toldIn(
  { kind, cancelled, withdrawn, onTheirWay }: Told,
  { language, timeZone, channels }: PreferencesView,
): string {
  const words = preferenceWords[language];
  const title = {
    saved: words.saved,
    'stopped-all': words.stoppedAll,
    unchanged: words.unchanged,
    wrong: words.wrong,
  }[kind];
  const time = new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  });
  const going = onTheirWay.map(({ channelId, at }) => {
    const kindOf = channels.get(channelId)?.kind;
    const how = kindOf ? words.kinds[kindOf] : channelId;
    return `<li>${escaped(how)}${words.comma} <time datetime="${at.toISOString()}">${escaped(time.format(at))}</time></li>`;
  });
  const lines = [
    `<p><strong>${title}</strong></p>`,
    cancelled > 0 ? `<p>${words.cancelled(numberIn(cancelled, language))}</p>` : '',
    withdrawn > 0 ? `<p>${words.withdrawn(numberIn(withdrawn, language))}</p>` : '',
    going.length > 0 ? `<p>${words.onTheirWay}</p><ul>${going.join('')}</ul>` : '',
  ];
  const isWrong = kind === 'wrong';
  return `<div class="told${isWrong ? ' wrong' : ''}" role="${isWrong ? 'alert' : 'status'}">${lines.join('')}</div>\n`;
}

function purposeIn(purpose: Choice['purpose'], { language, preferences, channels }: PreferencesView): string {
  const words = preferenceWords[language];
  const own = preferences.choices.filter((choice) => choice.purpose === purpose);
  if (own.length === 0) return '';
  const boxes = own.map((choice) => {
    const hint =
      choice.pending && !choice.allowed && channels.get(choice.channelId)?.kind === 'email'
        ? ` <small>(${words.pending})</small>`
        : '';
    const label = `${escaped(howIn(choice, own, channels, words))}${hint}`;
    return box(fields.choice, fields.choiceShown, choiceValue(choice), choice.allowed, label);
  });
  return `<fieldset><legend>${words.purposes[purpose]}</legend>\n${boxes.join('')}</fieldset>\n`;
}

function topicsIn({ topics }: Preferences, words: PreferenceWords): string {
  if (topics.length === 0) return '';
  const boxes = topics.map(({ topic, wanted }) =>
    box(
      fields.topic,
      fields.topicShown,
      topic,
      wanted,
      `<bdi>${escaped(topic.replaceAll(/[-_]+/g, ' '))}</bdi>`,
    ),
  );
  return `<fieldset><legend>${words.topics}</legend>\n<p><small>${words.topicsHint}</small></p>\n${boxes.join('')}</fieldset>\n`;
}

function frequencyIn({ messagesPerWeek }: Preferences, language: PageLanguage): string {
  const words = preferenceWords[language];
  const counts = new Set([...OFFERED_CAPS, ...(messagesPerWeek === null ? [] : [messagesPerWeek])]);
  const options = [null, ...[...counts].sort((a, b) => a - b)].map((count) => {
    const text = count === null ? words.noCap : words.weekly(numberIn(count, language));
    const selected = count === messagesPerWeek ? ' selected' : '';
    return `<option value="${weeklyValue(count)}"${selected}>${text}</option>`;
  });
  return `<fieldset><legend>${words.frequency}</legend>
<label for="weekly">${words.atMost}</label>
<select id="weekly" name="${fields.weekly}">${options.join('')}</select>
<input type="hidden" name="${fields.weeklyShown}" value="${weeklyValue(messagesPerWeek)}"></fieldset>`;
}

function box(name: string, shownName: string, value: string, isOn: boolean, label: string): string {
  return (
    `<input type="hidden" name="${shownName}" value="${escaped(shownValue(isOn, value))}">` +
    `<label><input type="checkbox" name="${name}" value="${escaped(value)}"${isOn ? ' checked' : ''}>${label}</label>\n`
  );
}

/** `by e-mail`, with the channel's own name where there are several of its kind. */
function howIn(
  { channelId }: Choice,
  among: readonly Choice[],
  channels: ReadonlyMap<ChannelId, Channel>,
  words: PreferenceWords,
): string {
  const channel = channels.get(channelId);
  if (!channel) return channelId;
  const alike = among.filter((one) => channels.get(one.channelId)?.kind === channel.kind);
  return alike.length > 1 ? `${words.kinds[channel.kind]} (${channel.name})` : words.kinds[channel.kind];
}

function numberIn(count: number, language: PageLanguage): string {
  return count.toLocaleString(localeOf(language));
}

function localeOf(language: PageLanguage): string {
  return language === 'fa' ? 'fa-IR' : 'en-GB';
}
