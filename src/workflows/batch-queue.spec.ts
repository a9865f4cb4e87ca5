import { describe, expect, it, jest } from '@jest/globals';
import { BatchQueue } from './batch-queue.js';

describe('group commit', () => {
  it('runs a lone batch at once, and those that come meanwhile together', async () => {
    const groups: string[][] = [];
    const queue = new BatchQueue<string, string>(
      async (batches) => {
        groups.push([...batches]);
        await Promise.resolve();
        return batches.map((batch) => `${batch}!`);
      },
      { lanes: 1, groupItems: 10 },
    );
    const answers = await Promise.all([
      queue.add('a', 4),
      queue.add('b', 4),
      queue.add('c', 6),
      queue.add('d', 1),
      queue.add('e', 50),
    ]);
    expect(answers).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
    expect(groups).toEqual([['a'], ['b', 'c'], ['d'], ['e']]);
    expect(queue.load).toBe(0);
  });

  it('gathers for a moment while others ask too, and goes at once when nobody does', async () => {
    const groups: string[][] = [];
    const queue = new BatchQueue<string, string>(
      async (batches) => {
        groups.push([...batches]);
        await Promise.resolve();
        return [...batches];
      },
      { lanes: 2, groupItems: 3, gatherMilliseconds: 5 },
    );
    const alone = queue.add('alone', 1);
    expect(groups).toEqual([['alone']]);
    const together = [queue.add('b', 1), queue.add('c', 1)];
    expect(groups).toHaveLength(1);
    await Promise.all([alone, ...together]);
    expect(groups).toEqual([['alone'], ['b', 'c']]);
  });

  it('gathers as long as somebody comes, up to its limit', async () => {
    jest.useFakeTimers();
    try {
      const groups: number[] = [];
      const queue = new BatchQueue<string, string>(
        (batches) => {
          groups.push(batches.length);
          return Promise.resolve([...batches]);
        },
        { lanes: 2, groupItems: 100, gatherMilliseconds: 4 },
      );
      const answers = [queue.add('alone', 1), queue.add('first', 1)];
      for (let passed = 0; passed < 3; passed += 1) {
        answers.push(queue.add('more', 1));
        jest.advanceTimersByTime(1);
        expect(groups).toEqual([1]);
      }
      jest.advanceTimersByTime(1);
      expect(groups).toEqual([1, 4]);
      await Promise.all(answers);
      answers.push(queue.add('first', 1));
      for (let passed = 0; passed < 4; passed += 1) {
        answers.push(queue.add('more', 1));
        jest.advanceTimersByTime(1);
      }
      expect(groups).toEqual([1, 4, 5]);
      jest.runAllTimers();
      await Promise.all(answers);
    } finally {
      jest.useRealTimers();
    }
  });

  it('goes at once when as many are there as asked at a time lately', async () => {
    jest.useFakeTimers();
    try {
      const groups: number[] = [];
      const queue = new BatchQueue<string, string>(
        (batches) => {
          groups.push(batches.length);
          return Promise.resolve([...batches]);
        },
        { lanes: 1, groupItems: 100, gatherMilliseconds: 5 },
      );
      const several = (count: number) =>
        Promise.all(Array.from({ length: count }, () => queue.add('one', 1)));
      const first = several(4);
      await jest.advanceTimersByTimeAsync(2);
      await first;
      expect(groups).toEqual([1, 3]);
      await several(4);
      expect(groups).toEqual([1, 3, 4]);
      const fewer = several(2);
      expect(groups).toHaveLength(3);
      await jest.advanceTimersByTimeAsync(2);
      await fewer;
      expect(groups).toEqual([1, 3, 4, 2]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tries the batches of a failed group alone, so that one bad batch fails alone', async () => {
    const queue = new BatchQueue<string, string>(
      async (batches) => {
        await Promise.resolve();
        if (batches.includes('bad')) throw new Error('bad batch');
        return [...batches];
      },
      { lanes: 1, groupItems: 100 },
    );
    const results = await Promise.allSettled([
      queue.add('first', 1),
      queue.add('good', 1),
      queue.add('bad', 1),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(queue.load).toBe(0);
  });
});
