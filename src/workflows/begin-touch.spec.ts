import { describe, expect, it } from '@jest/globals';
import { afterAllRecorded } from './begin-touch.js';

const at = new Date('2026-03-04T11:00:00.000Z');
const recorded = (time: string) => ({ recordedAt: new Date(time) });

describe('the instant at which a touch is judged', () => {
  it('is after every fact that stands, though another clock be ahead of ours', () => {
    expect(
      afterAllRecorded(at, [recorded('2026-03-04T11:00:00.250Z'), recorded('2026-03-04T10:00:00Z')]),
    ).toEqual(new Date('2026-03-04T11:00:00.250Z'));
  });

  it('is now where all facts are older, or one is dated in the far future', () => {
    expect(
      afterAllRecorded(at, [recorded('2026-03-04T10:59:59Z'), recorded('2027-01-01T00:00:00Z')]),
    ).toEqual(at);
    expect(afterAllRecorded(at, [])).toEqual(at);
  });
});
