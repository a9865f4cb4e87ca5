import type { Catalogue } from '../../catalogue/index.js';
import type { TimelineRow } from '../timeline-rows.js';
import { english } from './en.js';
import { persian } from './fa.js';
import type { TimelineWords } from './words.js';

const languages: readonly TimelineWords[] = [english, persian];

/** The words of a language (BCP 47); English where there are none. */
export function wordsFor(locale: string | null): TimelineWords {
  const language = locale?.split('-')[0]?.toLowerCase();
  return languages.find((known) => known.language === language) ?? english;
}

type Named = Pick<Catalogue, 'channels' | 'actions' | 'products'>;

/** A line of the timeline in words. */
export function titleOf(row: TimelineRow, words: TimelineWords, catalogue: Named): string {
  const { name, subject, state } = row;
  switch (row.kind) {
    case 'event':
      return withSubject(words.events[name] ?? name, subject ?? productOf(row, catalogue));
    case 'touch':
      return state === null
        ? withSubject(words.events[name] ?? name, subject)
        : plannedTouch(row, words, catalogue);
    case 'consent':
      return (words.consent[name] ?? ((what) => what))(consented(row, words, catalogue));
    case 'suggestion':
      return withState(words.suggestion(subject ?? ''), state, words);
    case 'response':
      return withState(
        (words.response[name] ?? words.suggestion)(subject ?? row.actionId ?? ''),
        state,
        words,
      );
    case 'outcome':
      return words.outcome(name);
    case 'task':
      return withSubject(
        (name === 'ended' ? words.taskEnded[state ?? ''] : words.tasks[name]) ?? name,
        subject,
      );
    case 'alert':
      return words.alert(subject ?? name);
  }
}

function withSubject(what: string, subject: string | null): string {
  return subject === null || subject === '' ? what : `${what}: ${subject}`;
}

function withState(what: string, state: string | null, words: TimelineWords): string {
  return state === null || state === 'open' ? what : `${what} (${words.states[state] ?? state})`;
}

function plannedTouch(
  { actionId, channelId, state }: TimelineRow,
  words: TimelineWords,
  catalogue: Named,
): string {
  const action = actionId === null ? undefined : (catalogue.actions.get(actionId)?.name ?? actionId);
  const channel = channelId === null ? undefined : (catalogue.channels.get(channelId)?.name ?? channelId);
  return withState(action ?? channel ?? words.touch, state, words);
}

function consented({ channelId, subject }: TimelineRow, words: TimelineWords, { channels }: Named): string {
  const all = (text: string | null) => text === null || text === '*';
  const channel = channelId === null || all(channelId) ? null : (channels.get(channelId)?.name ?? channelId);
  const purpose = all(subject) ? null : (words.purposes[subject ?? ''] ?? subject);
  return [channel, purpose].filter((part) => part !== null).join(' · ') || words.everything;
}

function productOf({ productId }: TimelineRow, { products }: Named): string | null {
  return productId === null ? null : (products.get(productId)?.name ?? productId);
}
