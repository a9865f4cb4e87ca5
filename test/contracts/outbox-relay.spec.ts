import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresTransactions } from '../../src/database/transactions.postgres.js';
import type { Message, MessageSink } from '../../src/delivery/index.js';
import { PostgresOutbox } from '../../src/delivery/outbox.postgres.js';
import { OutboxRelay } from '../../src/delivery/relay.js';
import { PostgresWaitingMessages } from '../../src/delivery/relay.postgres.js';
import { MINUTE, SECOND } from '../../src/shared/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = new Date('2026-03-02T09:00:00Z');

let base: TestDatabase;
let transactions: PostgresTransactions;
const outbox = new PostgresOutbox();

beforeAll(async () => {
  base = await createTestDatabase();
  transactions = new PostgresTransactions(base.database);
});
afterEach(() => base.database.query('delete from outbox'));
afterAll(() => base?.close());

const message = (messageId: string, occurredAt = NOW): Message => ({
  messageId,
  type: 'alert.raised',
  occurredAt,
  accountId: null,
  memberIds: [],
  data: {},
  notAfter: null,
});

const put = (...ids: string[]): Promise<void> =>
  transactions.run((within) =>
    outbox.put(
      ids.map((id) => message(id)),
      within,
    ),
  );

/** A way out that remembers what it took in transactions that held. */
class Remembering implements MessageSink {
  readonly taken: string[] = [];
  refuses = new Set<string>();

  async take(messages: readonly Message[]): Promise<void> {
    const refused = messages.find(({ messageId }) => this.refuses.has(messageId));
    if (refused) throw new Error(`cannot take ${refused.messageId}`);
    this.taken.push(...messages.map(({ messageId }) => messageId));
  }
}

function relay(...sinks: MessageSink[]): { relay: OutboxRelay; failed: string[] } {
  const failed: string[] = [];
  const waiting = new PostgresWaitingMessages(base.database);
  return {
    relay: new OutboxRelay({
      transactions,
      waiting,
      sinks,
      failed: (messageId) => void failed.push(messageId),
    }),
    failed,
  };
}

describe('the relay', () => {
  it('hands each message to every way out once, the oldest first', async () => {
    await transactions.run((within) =>
      outbox.put([message('b', new Date(NOW.getTime() + 5)), message('c'), message('a')], within),
    );
    const sinks = [new Remembering(), new Remembering()];
    expect(await relay(...sinks).relay.runDue(NOW)).toBe(3);
    expect(await relay(...sinks).relay.runDue(NOW)).toBe(0);
    for (const { taken } of sinks) expect(taken).toEqual(['a', 'c', 'b']);
  });

  it('tells nothing of what was rolled back', async () => {
    const rolledBack = transactions.run(async (within) => {
      await outbox.put([message('never')], within);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await relay(new Remembering()).relay.runDue(NOW)).toBe(0);
  });

  it('loses nothing that is committed after younger messages were handed over', async () => {
    const sink = new Remembering();
    let commit = (): void => undefined;
    let written = (): void => undefined;
    const begun = new Promise<void>((resolve) => (written = resolve));
    const slow = transactions.run(async (within) => {
      await outbox.put([message('slow', new Date(NOW.getTime() - MINUTE))], within);
      written();
      await new Promise<void>((resolve) => (commit = resolve));
    });
    await begun;
    await put('quick');
    await relay(sink).relay.runDue(NOW);
    expect(sink.taken).toEqual(['quick']);
    commit();
    await slow;
    await relay(sink).relay.runDue(NOW);
    expect(sink.taken).toEqual(['quick', 'slow']);
  });

  it('shares the work with others, and no message is handed over twice', async () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `m-${index}`);
    await put(...ids);
    const sinks = [new Remembering(), new Remembering(), new Remembering()];
    const counts = await Promise.all(sinks.map((sink) => relay(sink).relay.runDue(NOW)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(ids.length);
    expect(sinks.flatMap(({ taken }) => taken).toSorted()).toEqual(ids.toSorted());
  });

  it('lets a message rest that one way out cannot take, and hands over all others', async () => {
    const [first, second] = [new Remembering(), new Remembering()];
    second.refuses.add('m-3');
    await put(...Array.from({ length: 8 }, (_, index) => `m-${index}`));
    const { relay: relaying, failed } = relay(first, second);
    expect(await relaying.runDue(NOW)).toBe(7);
    expect(failed).toEqual(['m-3']);
    expect(second.taken).toEqual(['m-0', 'm-1', 'm-2', 'm-4', 'm-5', 'm-6', 'm-7']);
    expect(await relaying.runDue(NOW)).toBe(0);
    expect(await relaying.runDue(new Date(NOW.getTime() + SECOND))).toBe(0);
    second.refuses.clear();
    expect(await relaying.runDue(new Date(NOW.getTime() + 2 * SECOND))).toBe(0);
    expect(await relaying.runDue(new Date(NOW.getTime() + 3 * SECOND))).toBe(1);
    expect(second.taken.at(-1)).toBe('m-3');
  });
});
