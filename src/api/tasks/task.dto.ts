import { type AccountId, type ContactId, type MemberId, type Role, roles } from '../../catalogue/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import { type TaskKind, taskKinds, type TaskState, taskStates } from '../../suggestions/index.js';
import {
  ChoiceField,
  IdField,
  NestedListField,
  QueryBooleanField,
  TextField,
  TextListField,
} from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import { DueField } from './due-field.js';

class Recipient {
  @ChoiceField(roles, {
    optional: true,
    nullable: true,
    description:
      'Whoever of the account’s team has the role; where nobody has, it is open for everybody of the role.',
  })
  role?: Role | null;

  @IdField({ optional: true, nullable: true, description: 'Or a member by name.' })
  memberId?: MemberId | null;
}

export class TaskBody extends Recipient {
  @ChoiceField(taskKinds)
  kind!: TaskKind;

  @IdField()
  accountId!: AccountId;

  @IdField({ optional: true, nullable: true })
  contactId?: ContactId | null;

  @TextField({ min: 1, max: 2000, description: 'What is to be done, in words.' })
  about!: string;

  @TextListField({ optional: true, max: 20, description: 'What it is about: the firewall reads these.' })
  topics?: string[];

  @DueField({ description: 'A day lasts until the end of work (18:00) where the one who does it is.' })
  dueAt!: string;

  @IdField({ optional: true, nullable: true, description: 'The suggestion that it carries out.' })
  suggestionId?: SuggestionId | null;
}

export class AssignmentBody extends Recipient {
  @DueField({ optional: true, nullable: true, description: 'Left out: as before.' })
  dueAt?: string | null;
}

class AnswerBody {
  @TextField({ min: 1, max: 128 })
  topic!: string;

  @TextField({ optional: true, nullable: true, min: 1, max: 4000 })
  text?: string | null;
}

export class CompletionBody {
  @TextField({ optional: true, nullable: true, max: 4000 })
  note?: string | null;

  @NestedListField(() => AnswerBody, {
    optional: true,
    max: 20,
    description: 'Questions of the customer’s that were answered by it.',
  })
  answers?: AnswerBody[];
}

export class CancellationBody {
  @TextField({ min: 1, max: 2000, description: 'Why it is not to be done after all.' })
  reason!: string;
}

export class TasksQuery extends PageQuery {
  @IdField({
    optional: true,
    description: 'Tasks of this member, and those open for everybody of the member’s role.',
  })
  memberId?: MemberId;

  @IdField({ optional: true })
  accountId?: AccountId;

  @ChoiceField(taskStates, { optional: true })
  state?: TaskState;

  @ChoiceField(taskKinds, { optional: true })
  kind?: TaskKind;

  @QueryBooleanField({ optional: true, description: 'Only tasks that are late.' })
  overdue?: boolean;
}
