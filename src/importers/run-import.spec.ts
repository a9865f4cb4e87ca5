import { describe, expect, it } from '@jest/globals';
import type { IncomingItem } from '../events/index.js';
import { type ImportPlan, person } from './plan.js';
import { type ImportTarget, runImport, wholeAccounts } from './run-import.js';

function item(accountId: string, number: number): IncomingItem {
  const messageId = `${accountId}-${number}`;
  return {
    kind: 'event',
    messageId,
    source: 'test',
    occurredAt: new Date(number),
    accountId,
    contactId: accountId,
    name: 'Page Viewed',
    properties: {},
  };
}

function plan(events: IncomingItem[]): ImportPlan {
  const people = [person('a', {}), person('b', {})];
  return {
    name: 'test',
    catalogue: [{ kind: 'products', records: [] }],
    people: {
      accounts: people.map(({ account }) => account),
      contacts: people.map(({ contact }) => contact),
    },
    consents: [],
    events,
    counts: { accounts: 2, events: events.length, consents: 0, leftOut: {} },
  };
}

/** Keeps what it is given, and knows what it has seen. */
function target(): ImportTarget & { calls: string[] } {
  const seen = new Set<string>();
  const calls: string[] = [];
  return {
    calls,
    put: async (kind, records) => {
      calls.push(`${kind} ${records.length}`);
      return { saved: records.length, refused: [], movedContacts: [] };
    },
    consent: async (consents) => void calls.push(`consents ${consents.length}`),
    ingest: async (items) => {
      calls.push(`events ${items.map(({ messageId }) => messageId).join(' ')}`);
      const fresh = items.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId } of fresh) seen.add(messageId);
      return { accepted: fresh.length, duplicates: items.length - fresh.length, quarantined: [] };
    },
  };
}

const settings = { batch: 2, lanes: 1, progress: () => undefined };

describe('an import', () => {
  it('writes accounts before the events that name them', async () => {
    const to = target();
    await runImport(plan([item('a', 1), item('b', 1)]), to, settings);
    expect(to.calls).toEqual(['accounts 2', 'contacts 2', 'events a-1 b-1']);
  });

  it('run again changes nothing', async () => {
    const to = target();
    const events = [item('a', 1), item('a', 2), item('b', 1)];
    expect(await runImport(plan(events), to, settings)).toMatchObject({ accepted: 3, duplicates: 0 });
    expect(await runImport(plan(events), to, settings)).toMatchObject({ accepted: 0, duplicates: 3 });
  });

  it('never has one account in two calls that are under way together', () => {
    const events = [item('a', 1), item('a', 2), item('a', 3), item('b', 1), item('b', 2), item('c', 1)];
    const batches = [...wholeAccounts(events, 2)].map((batch) => batch.map(({ messageId }) => messageId));
    expect(batches).toEqual([['a-1', 'a-2', 'a-3'], ['b-1', 'b-2'], ['c-1']]);
  });

  it('tells what was set aside by the id that it had in the file', async () => {
    const to = {
      ...target(),
      ingest: async () => ({
        accepted: 1,
        duplicates: 0,
        quarantined: [{ index: 1, pointer: '/properties', reason: 'too long' }],
      }),
    };
    const summary = await runImport(plan([item('a', 1), item('a', 2)]), to, settings);
    expect(summary.quarantined).toEqual({
      count: 1,
      examples: [{ messageId: 'a-2', pointer: '/properties', reason: 'too long' }],
    });
  });

  it('stops at a catalogue record that is refused, and says why', async () => {
    const problems = [{ pointer: '/name', detail: 'must not be empty' }];
    const refused = [{ index: 0, problems, unknownIds: false }];
    const to: ImportTarget = { ...target(), put: async () => ({ saved: 0, refused, movedContacts: [] }) };
    await expect(runImport(plan([]), to, settings)).rejects.toThrow(
      'test: accounts record 1 was refused: /name: must not be empty',
    );
  });
});
