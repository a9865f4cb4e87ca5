import type { MemberId } from '../../catalogue/index.js';
import type { PushKind } from './push-note.js';

export interface RingingNote {
  kind: PushKind;
  subjectId: string;
  memberId: MemberId;
}

export type PushVerdict =
  | { ring: true }
  /** Nobody needs to be told any more. */
  | { ring: false; because: string }
  /** Not now: it is her night. */
  | { ring: 'later'; until: Date };

/**
 * Asked right before each attempt, outside any transaction: whether it still matters, and whether it may disturb her now.
 * Throwing puts it off for a moment. By default everything rings. Workflows bring their own in a global module.
 */
export abstract class PushCheck {
  abstract check(note: RingingNote, at: Date): Promise<PushVerdict>;
}

export class RingAlways extends PushCheck {
  async check(): Promise<PushVerdict> {
    return { ring: true };
  }
}
