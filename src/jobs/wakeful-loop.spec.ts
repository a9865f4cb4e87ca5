import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WakefulLoop } from './wakeful-loop.js';

const EVERY = 1000;

describe('a loop that can be woken', () => {
  let begun: number[];
  let takes = 0;
  let met: number | undefined;
  let stop: () => Promise<void>;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    begun = [];
    takes = 0;
    met = undefined;
  });

  afterEach(async () => {
    await stop();
    jest.useRealTimers();
  });

  const loopOf = (apartMilliseconds: number, failed: (cause: unknown) => void = () => {}): WakefulLoop => {
    const loop = new WakefulLoop({
      work: async () => {
        begun.push(Date.now());
        if (takes > 0) await new Promise((done) => setTimeout(done, takes));
        if (takes < 0) throw new Error('broken');
        return met;
      },
      everyMilliseconds: EVERY,
      apartMilliseconds,
      crowd: 8,
      failed,
    });
    stop = () => loop.stop();
    return loop;
  };
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

  it('makes a round at once, and one every so often without being woken', async () => {
    loopOf(0).wake();
    await pass(2 * EVERY);
    expect(begun).toEqual([0, EVERY, 2 * EVERY]);
  });

  it('woken any number of times during a round, makes one more after it', async () => {
    takes = 30;
    const loop = loopOf(0);
    loop.wake();
    await pass(10);
    loop.wake();
    loop.wake();
    await pass(100);
    expect(begun).toEqual([0, 30]);
  });

  it('keeps rounds apart: what wakes it soon after one began goes together in the next', async () => {
    const loop = loopOf(50);
    loop.wake();
    for (let time = 5; time <= 120; time += 5) {
      await pass(5);
      loop.wake();
    }
    await pass(100);
    expect(begun).toEqual([0, 50, 100, 150]);
  });

  it('keeps no round apart from one that met no crowd', async () => {
    takes = 10;
    met = 7;
    const loop = loopOf(50);
    loop.wake();
    await pass(5);
    loop.wake();
    await pass(10);
    met = 8;
    await pass(10);
    loop.wake();
    await pass(100);
    expect(begun).toEqual([0, 10, 60]);
  });

  it('begins at once when it has been quiet for long enough', async () => {
    const loop = loopOf(50);
    loop.wake();
    await pass(70);
    loop.wake();
    expect(begun).toEqual([0, 70]);
  });

  it('goes on after a round that failed, and says so', async () => {
    takes = -1;
    const failures: unknown[] = [];
    loopOf(50, (cause) => failures.push(cause)).wake();
    await pass(EVERY);
    expect(begun).toEqual([0, EVERY]);
    expect(failures).toHaveLength(2);
  });

  it('begins nothing once it is stopped, and waits for the round under way', async () => {
    takes = 30;
    const loop = loopOf(50);
    loop.wake();
    loop.wake();
    const stopped = loop.stop();
    await pass(30);
    await stopped;
    await pass(2 * EVERY);
    expect(begun).toEqual([0]);
  });
});
