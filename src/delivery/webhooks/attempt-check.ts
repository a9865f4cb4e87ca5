import type { StoredMessage } from './deliveries.js';

export type AttemptVerdict = { allowed: true } | { allowed: false; because: string };

/**
 * Asked right before each attempt, outside any transaction: whether a message may still be told. A refusal ends its
 * delivery; throwing puts it off for a moment. By default everything may. Workflows bring their own in a global module.
 */
export abstract class AttemptCheck {
  abstract check(message: StoredMessage, at: Date): Promise<AttemptVerdict>;
}

export class AllowEveryAttempt extends AttemptCheck {
  async check(): Promise<AttemptVerdict> {
    return { allowed: true };
  }
}
