import type { Choice, Preferences, PreferencesChange } from '../../consent/index.js';
import { isSame } from '../../consent/index.js';

/** The largest cap of her own that the page takes. */
export const MOST_A_WEEK = 50;

/** Names of the form's fields. `shown` fields say what the page showed, so that only what she changed is recorded. */
export const fields = {
  choice: 'allow',
  choiceShown: 'shown',
  topic: 'topic',
  topicShown: 'topic-shown',
  weekly: 'weekly',
  weeklyShown: 'weekly-shown',
  act: 'do',
} as const;

export const choiceValue = ({ purpose, channelId }: Choice): string => `${purpose}:${channelId}`;
export const shownValue = (isOn: boolean, value: string): string => `${isOn ? '1' : '0'}${value}`;
export const weeklyValue = (count: number | null): string => (count === null ? '' : String(count));

/** What a form says, by what there is to choose from; null when it is none of ours. */
export function readForm(body: unknown, known: Preferences): PreferencesChange | null {
  if (typeof body !== 'object' || body === null) return null;
  const form = new Map(Object.entries(body as Record<string, unknown>));
  const [act, ...acts] = valuesOf(form.get(fields.act));
  if (acts.length > 0) return null;
  if (act === 'stop') return { choices: [], topics: [], stopEverything: true };
  const weekly = weeklyIn(form);
  if (act !== 'save' || weekly === null) return null;
  const choices = changed(form, fields.choice, fields.choiceShown).flatMap(({ value, isOn }) => {
    const choice = known.choices.find((one) => choiceValue(one) === value);
    return choice ? [{ channelId: choice.channelId, purpose: choice.purpose, allowed: isOn }] : [];
  });
  const topics = changed(form, fields.topic, fields.topicShown)
    .filter(({ value }) => known.topics.some(({ topic }) => topic === value))
    .map(({ value, isOn }) => ({ topic: value, wanted: isOn }));
  return { choices, topics, stopEverything: false, ...weekly };
}

/** Whether anything was asked for. */
export function isEmpty({ choices, topics, stopEverything, messagesPerWeek }: PreferencesChange): boolean {
  return choices.length + topics.length === 0 && !stopEverything && messagesPerWeek === undefined;
}

/** The choices as they stand once the change is made, for the choices that were shown. */
export function shownChoices({ choices }: Preferences): Choice[] {
  return choices
    .filter((choice, place) => choices.findIndex((one) => isSame(one, choice)) === place)
    .map(({ channelId, purpose }) => ({ channelId, purpose }));
}

function changed(
  form: ReadonlyMap<string, unknown>,
  field: string,
  shownField: string,
): { value: string; isOn: boolean }[] {
  const on = new Set(valuesOf(form.get(field)));
  return valuesOf(form.get(shownField))
    .map((shown) => ({ wasOn: shown.startsWith('1'), value: shown.slice(1) }))
    .filter(({ wasOn, value }) => wasOn !== on.has(value))
    .map(({ value }) => ({ value, isOn: on.has(value) }));
}

/** Null when it is no number of messages that we take. */
function weeklyIn(form: ReadonlyMap<string, unknown>): Pick<PreferencesChange, 'messagesPerWeek'> | null {
  const [said] = valuesOf(form.get(fields.weekly));
  const [was] = valuesOf(form.get(fields.weeklyShown));
  if (said === undefined || said === was) return {};
  if (said === '') return { messagesPerWeek: null };
  const count = Number(said);
  return /^\d{1,2}$/.test(said) && count >= 1 && count <= MOST_A_WEEK ? { messagesPerWeek: count } : null;
}

/** A field that is given once or several times. */
function valuesOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
