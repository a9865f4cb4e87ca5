import type { AccountId, MemberId } from '../../catalogue/index.js';
import { type DismissalReason, dismissalReasons } from '../../contact-policy/index.js';
import {
  type ResponseKind,
  responseKinds,
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

  @ChoiceField(suggestionStates, { optional: true, description: 'Left out: every state.' })
  state?: SuggestionState;

  @IdField({ optional: true, description: 'Made by this rescoring run.' })
  runId?: string;

  @TimeField({ optional: true, description: 'Made or changed since then.' })
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
}
