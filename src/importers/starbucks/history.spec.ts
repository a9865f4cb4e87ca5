import { describe, expect, it } from '@jest/globals';
import { historyOf, timeOf } from './history.js';
import type { Entry, Offer } from './rows.js';

const bogo: Offer = {
  offerId: 'ae264',
  kind: 'bogo',
  reward: 10,
  difficulty: 10,
  durationDays: 7,
  channels: ['email', 'mobile', 'social'],
};
const offers = new Map([[bogo.offerId, bogo]]);

type Kind = 'received' | 'viewed' | 'completed';
let line = 0;
function about(kind: Kind, hour: number): Entry {
  return { line: (line += 1), hour, kind, offerId: bogo.offerId, reward: kind === 'completed' ? 10 : 0 };
}

/** The hours of the sendings that the completions of these entries name. */
function completed(entries: readonly Entry[]): number[][] {
  const hourOf = new Map(
    entries.map((entry) => [`transcript-${String(entry.line).padStart(7, '0')}`, entry.hour]),
  );
  return historyOf('p1', entries, offers)
    .filter((item) => item.kind === 'event' && item.name === 'Offer Completed')
    .map((item) => ('properties' in item ? item.properties['touchIds'] : []))
    .map((ids) => (ids as string[]).map((id) => hourOf.get(id) ?? -1));
}

describe('the history of a person', () => {
  it('is one event a row, with an id that sorts as the file does and names the row', () => {
    const items = historyOf(
      'p1',
      [
        { line: 9, hour: 0, kind: 'received', offerId: bogo.offerId, reward: 0 },
        { line: 10, hour: 6, kind: 'transaction', amount: 19.89 },
      ],
      offers,
    );
    expect(items).toMatchObject([
      {
        messageId: 'transcript-0000009',
        name: 'Message Sent',
        accountId: 'p1',
        contactId: 'p1',
        occurredAt: new Date('2018-07-26T00:00:00Z'),
        properties: {
          actionId: 'bogo-10-for-10-7d',
          channel: 'social',
          channels: ['email', 'mobile', 'social'],
          touchId: 'transcript-0000009',
        },
      },
      { messageId: 'transcript-0000010', name: 'Order Completed', properties: { value: 19.89 } },
    ]);
    expect(items[1]?.occurredAt).toEqual(timeOf(6));
  });

  it('counts a completion for a sending only when the offer was viewed in between', () => {
    expect(completed([about('received', 0), about('viewed', 6), about('completed', 30)])).toEqual([[0]]);
    expect(completed([about('received', 0), about('completed', 30), about('viewed', 36)])).toEqual([[]]);
    expect(completed([about('viewed', 0), about('received', 6), about('completed', 30)])).toEqual([[]]);
  });

  it('lets the order of the file decide within one hour', () => {
    expect(completed([about('received', 0), about('viewed', 6), about('completed', 6)])).toEqual([[0]]);
    expect(completed([about('received', 0), about('completed', 6), about('viewed', 6)])).toEqual([[]]);
  });

  it('includes the last hour of the window of five days and no later one', () => {
    expect(completed([about('received', 0), about('viewed', 6), about('completed', 120)])).toEqual([[0]]);
    expect(completed([about('received', 0), about('viewed', 6), about('completed', 126)])).toEqual([[]]);
  });

  it('names both sendings of one offer when the view came after both, and the earlier one alone otherwise', () => {
    const [first, second] = [about('received', 408), about('received', 504)];
    expect(completed([first, second, about('viewed', 510), about('completed', 516)])).toEqual([[408, 504]]);
    expect(completed([first, about('viewed', 414), second, about('completed', 516)])).toEqual([[408]]);
  });
});
