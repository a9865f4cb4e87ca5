import { DAY, MINUTE } from '../shared/index.js';

/** How long the answer to a request is given again. */
export const KEPT_MILLISECONDS = DAY;
/** A request that has not been answered for so long died with its process: the next one with its key is let through. */
export const ABANDONED_MILLISECONDS = 2 * MINUTE;

/** A request that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  /** Key or session that sent it: keys of different callers are different. */
  callerId: string;
  idempotencyKey: string;
  /** Digest of method, path and body. */
  fingerprint: string;
  at: Date;
}

/** `first`: go ahead. `in-flight`: the same request is being worked on. `other`: the key was used for another request. */
export type Claim = { kind: 'first' | 'in-flight' | 'other' } | { kind: 'answered'; answer: KeptAnswer };

export interface KeptAnswer {
  status: number;
  /** JSON; null: no content. */
  body: string | null;
}

/** Answers to requests with an `Idempotency-Key`, so that a repetition changes nothing and gets the same. */
export abstract class KeptAnswers {
  /** At most one caller at a time is the first. */
  abstract claim(request: KeyedRequest): Promise<Claim>;
  abstract keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** Nothing came of it: the key can be used again. */
  abstract release(request: KeyedRequest): Promise<void>;
  /** Forgets what was claimed before a time. */
  abstract purge(before: Date): Promise<void>;
}
