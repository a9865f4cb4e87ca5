import { describe, expect, it } from '@jest/globals';
import { addedIn, BestFirst, welcome } from './rank-slots.js';
import type { SlotWindow } from './windows.js';

const window = (day: number, hour: number, hours = 4): SlotWindow => ({
  from: new Date(Date.UTC(2026, 2, 2 + day, hour % 24)),
  to: new Date(Date.UTC(2026, 2, 2 + day, (hour % 24) + hours)),
  day,
  hour,
  hours,
});
const monday = { contactId: null, hour: 8, hours: 4, sameDay: 0.2, otherDays: 0.5 };

describe('hours that were called wrong', () => {
  it('are worth less, on that weekday most', () => {
    expect(welcome(window(0, 8), [monday])).toBe(0.2);
    expect(welcome(window(0, 11), [monday])).toBe(0.2);
    expect(welcome(window(1, 24 + 8), [monday])).toBe(0.5);
    expect(welcome(window(0, 12), [monday])).toBe(1);
    expect(welcome(window(0, 8), [monday, monday])).toBeCloseTo(0.04);
  });

  it('reach over midnight and over the end of the week', () => {
    const late = { ...monday, hour: 6 * 24 + 22, hours: 4 };
    expect(welcome(window(0, 1, 1), [late])).toBe(0.2);
    expect(welcome(window(0, 2, 1), [late])).toBe(1);
    expect(welcome(window(2, 2 * 24 + 23, 1), [late])).toBe(0.5);
  });

  it('move the slot, also where nothing else is known of the contact, and close none', () => {
    const windows = [window(0, 8), window(0, 12), window(1, 24 + 8), window(1, 24 + 12)];
    const inOrder = (avoided?: (typeof monday)[]) => {
      const best = new BestFirst(windows, undefined, 0.98, avoided);
      return windows.map((_, place) => best.at(place));
    };
    expect(inOrder()).toEqual(windows);
    expect(inOrder([monday])).toEqual([windows[1], windows[3], windows[2], windows[0]]);
  });
});

describe('hours of which outcomes have taught something', () => {
  const added = Float64Array.from({ length: 168 }, (_, hour) => (hour < 24 ? -1 : hour === 24 + 13 ? 2 : 0));

  it('count by their mean over the window, over the end of the week too', () => {
    expect(addedIn(added, window(0, 8))).toBe(-1);
    expect(addedIn(added, window(1, 24 + 12))).toBe(0.5);
    expect(addedIn(added, window(0, 166))).toBe(-0.5);
  });

  it('move the slot by the odds, against patience and what the contact does by itself', () => {
    const windows = [window(0, 8), window(1, 24 + 8), window(1, 24 + 12), window(3, 72 + 8)];
    const best = new BestFirst(windows, undefined, 0.98, undefined, added);
    expect([0, 1, 2, 3].map((place) => best.at(place))).toEqual([
      windows[2],
      windows[1],
      windows[3],
      windows[0],
    ]);
  });
});
