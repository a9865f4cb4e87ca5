import { MINUTE } from '../shared/index.js';

/** How long a sign-in link is good for. */
export const LINK_MILLISECONDS = 15 * MINUTE;

/** What a link is for; `memberId` null: the operator. */
export interface Invitation {
  memberId: string | null;
  /** Name to show; null for the operator. */
  name: string | null;
}

/** Links that let somebody in once. */
export abstract class SignInLinks {
  /** The token of a new link, given here and never again. Null: the operator. Throws when the member is not known. */
  abstract create(memberId: string | null, actor: string): Promise<string>;
  /** Whom a link would let in, without using it up. Null: unknown, used or expired. */
  abstract peek(token: string): Promise<Invitation | null>;
  /** Forgets links that expired before a time. */
  abstract purge(before: Date): Promise<void>;
}
