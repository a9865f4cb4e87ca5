import { DAY, HOUR } from '../shared/index.js';
import type { Caller } from './caller.js';

/** A session that is not used for so long ends. */
export const IDLE_MILLISECONDS = 7 * DAY;
/** However much it is used, it ends after so long. */
export const LONGEST_SESSION_MILLISECONDS = 30 * DAY;
/** A session in use is renewed at most this often. */
export const RENEW_AFTER_MILLISECONDS = HOUR;

/** Who signed in. `expiresAt` moves on while the session is used. */
export interface SessionCaller extends Caller {
  session: { expiresAt: Date };
}

export abstract class Sessions {
  /** Uses a sign-in link up. The token is the cookie's value, given here and never again. Null: unknown, used or expired. */
  abstract begin(linkToken: string): Promise<{ token: string; caller: SessionCaller } | null>;
  /** Null: unknown, ended, expired, or its member was removed. Renews a session in use. */
  abstract authenticate(token: string): Promise<SessionCaller | null>;
  abstract end(sessionId: string, actor: string): Promise<void>;
  /** Whether anybody has ever signed in here. */
  abstract everBegun(): Promise<boolean>;
  /** Forgets sessions that expired or ended before a time. */
  abstract purge(before: Date): Promise<void>;
}
