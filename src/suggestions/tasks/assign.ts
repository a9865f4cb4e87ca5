import type { MemberId, Role } from '../../catalogue/index.js';
import type { Task } from './task.js';

/** Somebody who can be given a task. */
export interface Colleague {
  memberId: MemberId;
  name: string;
  role: Role;
  timeZone: string | null;
  locale: string | null;
  email: string | null;
  deputyId: MemberId | null;
}

/**
 * Who of an account's team does what is asked of a role: the one with the fewest open tasks there, by id where that is
 * even. Null when the team has nobody of that role: then it is open for everybody of the role.
 */
export function assigneeFor(
  role: Role,
  team: readonly Colleague[],
  open: readonly Pick<Task, 'memberId'>[],
): Colleague | null {
  const load = (colleague: Colleague) =>
    open.filter(({ memberId }) => memberId === colleague.memberId).length;
  const [first] = team
    .filter((colleague) => colleague.role === role)
    .sort((a, b) => load(a) - load(b) || (a.memberId < b.memberId ? -1 : 1));
  return first ?? null;
}
