import type { Caller } from '../../access/index.js';

/** In whose name a change stands in the audit trail. */
export function actorOf(caller: Caller): string {
  return caller.memberId ?? caller.keyId;
}
