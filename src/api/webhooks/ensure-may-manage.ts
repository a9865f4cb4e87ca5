import type { Caller } from '../../access/index.js';
import { forbidden } from '../http/problem.js';

/** Webhooks carry what concerns every account: somebody who sees only her own may neither set nor read them. */
export function ensureMayManage(caller: Caller): void {
  if (caller.memberId !== null && caller.role !== 'admin')
    throw forbidden('Webhooks tell of every account: use a key that is bound to no member, or to an admin.');
}
