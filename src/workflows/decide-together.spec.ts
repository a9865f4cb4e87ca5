import { describe, expect, it } from '@jest/globals';
import type { Question, World } from '../recommender/index.js';
import { err } from '../shared/index.js';
import { DecideTogether } from './decide-together.js';
import type { DecideOptions } from './decide.js';

const question = (accountId: string, limit = 3): Question => ({
  accountId: accountId as Question['accountId'],
  contactId: null,
  limit,
  context: {},
  role: null,
});

/** Batches that were asked for; each is answered, with the names of its accounts, when it is let go. */
function recorded() {
  const batches: { accounts: string[]; options: DecideOptions; letGo: () => void }[] = [];
  const together = new DecideTogether((questions, options) => {
    const answers = questions.map(({ accountId, limit }) =>
      err({ code: 'contended' as const, id: `${accountId}/${limit}` }),
    );
    return new Promise((resolve) =>
      batches.push({
        accounts: questions.map(({ accountId }) => accountId),
        options,
        letGo: () => resolve(answers),
      }),
    );
  });
  return { batches, together };
}

const turn = () => new Promise((done) => setImmediate(done));
const PATIENCE_MILLISECONDS = 2000;

/** Waits until so many batches were asked for. */
async function until(batches: readonly unknown[], count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (batches.length < count && performance.now() < deadline) await turn();
}

describe('questions decided together', () => {
  it('wait only while others are being answered, and then go as one batch with each its own answer', async () => {
    const { batches, together } = recorded();
    const answers = ['a', 'b', 'c', 'd', 'e'].map((id) => together.one(question(id), {}));
    await turn();
    expect(batches.map(({ accounts }) => accounts)).toEqual([['a']]);
    await until(batches, 2);
    expect(batches.map(({ accounts }) => accounts)).toEqual([['a'], ['b', 'c', 'd', 'e']]);
    batches.forEach(({ letGo }) => letGo());
    expect((await Promise.all(answers)).map((answer) => !answer.ok && answer.error.id)).toEqual([
      'a/3',
      'b/3',
      'c/3',
      'd/3',
      'e/3',
    ]);
  });

  it('never puts one account twice into a batch', async () => {
    const { batches, together } = recorded();
    const first = together.one(question('x'), {});
    const answers = [question('a', 1), question('b'), question('a', 2)].map((one) => together.one(one, {}));
    await until(batches, 2);
    expect(batches[1]?.accounts).toEqual(['a', 'b']);
    batches[1]?.letGo();
    await until(batches, 3);
    expect(batches[2]?.accounts).toEqual(['a']);
    batches.forEach(({ letGo }) => letGo());
    await first;
    expect((await Promise.all(answers)).map((answer) => !answer.ok && answer.error.id)).toEqual([
      'a/1',
      'b/3',
      'a/2',
    ]);
  });

  it('tells once of a batch whoever reads ahead, however many of its questions name him', async () => {
    const { batches, together } = recorded();
    const told: unknown[] = [];
    const meanwhile = (made: readonly unknown[]) => void told.push(made);
    const answers = ['a', 'b', 'c'].map((id) => together.one(question(id), { meanwhile }));
    await until(batches, 2);
    batches[1]?.options.meanwhile?.([], {} as World);
    expect(batches[1]?.accounts).toEqual(['b', 'c']);
    expect(told).toEqual([[]]);
    batches.forEach(({ letGo }) => letGo());
    await Promise.all(answers);
  });

  it('answers what is more than a question by itself', async () => {
    const { batches, together } = recorded();
    const answers = [
      together.one(question('a'), { dryRun: true }),
      together.one(question('b'), { explain: true }),
      together.one(question('c'), { alongside: () => Promise.resolve() }),
      together.one(question('d'), { fresh: true, explain: false }),
    ];
    await turn();
    expect(batches).toHaveLength(4);
    expect(batches[3]?.options).toEqual({ fresh: true });
    batches.forEach(({ letGo }) => letGo());
    await Promise.all(answers);
  });
});
