import type { Refusal, RuleName } from './rule.js';

const NEEDS: Record<RuleName, string> = {
  eligibility: 'The action would have to make sense for this account: see its eligibility.',
  consent:
    'The contact would have to agree to this channel and purpose, in words of their own and not by an import.',
  cap: 'Earlier touches would have to leave the window of the cap, or the cap would have to be raised.',
  'cool-down': 'The rest after the last touch or dismissal would have to be over.',
  'quiet-hours': "A window outside the contact's quiet hours and rest days would have to be chosen.",
  'conversation-hold':
    'What is open would have to be closed: the conversation, the complaint or the promised next step.',
  'offer-lock': 'The terms would have to be those already quoted, or the quote would have to lapse.',
  stock: 'The product would have to be available.',
  budget: "The member's budget of the day would have to be renewed, or somebody else would have to do it.",
  firewall: 'Somebody in a role that may see this topic would have to ask and do it.',
  reach:
    'The action would have to be open to more accounts: new ones are shown to few until they are proven.',
};

/** What would have to change for a "no" to become a "yes". */
export function wouldNeed(refusal: Pick<Refusal, 'rule' | 'until'>): string {
  const lapses =
    refusal.until === null ? '' : ` Without doing anything it lapses at ${refusal.until.toISOString()}.`;
  return NEEDS[refusal.rule] + lapses;
}
