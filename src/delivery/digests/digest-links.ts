import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MemberId } from '../../catalogue/index.js';
import { isId } from '../../shared/index.js';

/** Says what is signed, so that a signature made for one thing is no good for another. */
const CONTEXT = 'nba/digest-link/1';
const SIGNATURE_BYTES = 20;

/** Whose digests a link switches off, and which one carried it. */
export interface DigestLinkSubject {
  memberId: MemberId;
  period: string;
}

/**
 * The link by which a member switches her digest off without signing in (RFC 8058): signed with HMAC-SHA256, and good for
 * as long as the key is.
 */
export class DigestLinks {
  /** `publicUrl` is without a path. */
  constructor(
    readonly publicUrl: string,
    private readonly key: string,
  ) {}

  offUrl({ memberId, period }: DigestLinkSubject): string {
    const payload = Buffer.from(JSON.stringify([memberId, period])).toString('base64url');
    return new URL(`/digest-off/${payload}.${this.sign(payload).toString('base64url')}`, this.publicUrl).href;
  }

  /** Null when we did not make it. */
  read(token: string): DigestLinkSubject | null {
    const [payload = '', signature = '', ...more] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const wanted = this.sign(payload);
    if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const [memberId, period] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown[];
    return isId(memberId) && typeof period === 'string' ? { memberId: memberId as MemberId, period } : null;
  }

  private sign(payload: string): Buffer {
    return createHmac('sha256', this.key)
      .update(`${CONTEXT}:${payload}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}
