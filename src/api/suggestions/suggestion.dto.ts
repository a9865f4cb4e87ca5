import {
  type AccountId,
  type ChannelId,
  type ContactId,
  type Intent,
  intents,
  type MemberId,
  type Purpose,
  purposes,
} from '../../catalogue/index.js';
import { type DismissalReason, dismissalReasons } from '../../contact-policy/index.js';
import {
  type ResponseKind,
  responseKinds,
  type ReviewVerdict,
  reviewVerdicts,
  type SuggestionState,
  suggestionStates,
} from '../../suggestions/index.js';
import { ChoiceField, IdField, TextField, TimeField } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

export class SuggestionsQuery extends PageQuery {
  @IdField({ optional: true })
  accountId?: AccountId;

  @IdField({
    optional: true,
    description: 'What this member performs, and what concerns accounts of this member.',
  })
  memberId?: MemberId;

  @IdField({ optional: true })
  contactId?: ContactId;

  @IdField({ optional: true })
  channelId?: ChannelId;

  @ChoiceField(purposes, { optional: true })
  purpose?: Purpose;

  @ChoiceField(intents, { optional: true })
  intent?: Intent;

  @ChoiceField(['priority', 'slot'], {
    optional: true,
    default: 'priority',
    description: 'By priority, the highest first, or by slot, the earliest first.',
  })
  sort: 'priority' | 'slot' = 'priority';

  @ChoiceField(suggestionStates, { optional: true, description: 'Left out: every state.' })
  state?: SuggestionState;

  @IdField({ optional: true, description: 'Made by this rescoring run.' })
  runId?: string;

  @TimeField({ optional: true, description: 'Made or changed since then.' })
  changedSince?: Date;
}

/** Whose suggestions are counted. */
export class CountsQuery {
  @IdField({ optional: true })
  accountId?: AccountId;

  @IdField({
    optional: true,
    description: 'What this member performs, and what concerns accounts of this member.',
  })
  memberId?: MemberId;

  @TimeField({ optional: true, description: 'Closed ones since then; left out: since a day ago.' })
  changedSince?: Date;
}

/** What an account manager says about a suggestion. */
export class ResponseBody {
  @ChoiceField(responseKinds)
  kind!: ResponseKind;

  @ChoiceField(dismissalReasons, { optional: true, description: 'Why it was dismissed; left out: other.' })
  reason?: DismissalReason;

  @TimeField({ optional: true, description: 'When to suggest it again; needed with kind snoozed.' })
  until?: Date;

  @TextField({ optional: true, max: 4000 })
  note?: string;

  @ChoiceField(suggestionStates, {
    optional: true,
    description:
      'The state that you saw: when it is another by now, nothing is recorded and the answer is 409.',
  })
  ifState?: SuggestionState;
}

/** What compliance says of what was called not compliant. */
export class ReviewBody {
  @ChoiceField(reviewVerdicts)
  verdict!: ReviewVerdict;

  @TextField({ optional: true, max: 4000 })
  note?: string;
}
