import type { Caller } from '../../access/index.js';
import type { MemberId } from '../../catalogue/index.js';
import { forbidden } from './problem.js';

/** Of routes about the caller herself: the member who calls. Throws 403 for a key or session of nobody in particular. */
export function ownMember({ memberId }: Caller): MemberId {
  if (memberId === null)
    throw forbidden(
      'This is about a team member’s own settings. Sign in as one (npm run nba -- sign-in-link --member <memberId>), or use a key that is bound to one.',
    );
  return memberId as MemberId;
}
