import type { MemberId, TeamMember } from '../catalogue/index.js';
import type { Transaction } from '../shared/index.js';

/** A member as far as telling her something needs it. */
export type Told = Pick<TeamMember, 'memberId' | 'name' | 'role' | 'timeZone' | 'locale' | 'deputyId'>;

/** Who can be told. */
export abstract class AlertPeople {
  /** Unknown ids are left out. */
  abstract members(memberIds: readonly MemberId[], within?: Transaction): Promise<Map<MemberId, Told>>;
}
