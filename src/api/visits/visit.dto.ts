import { type ChannelId, type ContactId, type MemberId, type Role, roles } from '../../catalogue/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import type { FieldProblem } from '../../shared/index.js';
import type { Visit } from '../../workflows/index.js';
import { ConsentBody } from '../consent/consent.dto.js';
import {
  BooleanField,
  ChoiceField,
  IdField,
  NestedListField,
  NumberField,
  TextField,
  TextListField,
  TimeField,
} from '../http/fields.js';
import { DueField, readDue } from '../tasks/due-field.js';

const ENTRIES_MAX = 50;

class PreferenceBody {
  @IdField({ optional: true, nullable: true, description: 'This, or a topic.' })
  channelId?: ChannelId | null;

  @TextField({ optional: true, nullable: true, min: 1, max: 128, description: 'This, or a channel.' })
  topic?: string | null;

  @BooleanField({ description: 'Whether the contact likes it.' })
  likes!: boolean;
}

class RequestBody {
  @ChoiceField(roles, { description: 'Who is to do it: the member of the account’s team who has the role.' })
  role!: Role;

  @TextField({ min: 1, max: 2000, description: 'What the contact wants, in words.' })
  about!: string;

  @TextListField({
    optional: true,
    nullable: true,
    max: 20,
    description: 'Left out: the topics of the visit that the words name, else all of them.',
  })
  topics?: string[] | null;

  @DueField({ optional: true, nullable: true, description: 'Left out: the end of the second working day.' })
  dueAt?: string | null;
}

class PromiseBody {
  @TextField({ min: 1, max: 2000, description: 'What the member said would be done.' })
  what!: string;

  @DueField()
  dueAt!: string;
}

class QuestionBody {
  @TextField({ min: 1, max: 128 })
  topic!: string;

  @TextField({ optional: true, nullable: true, min: 1, max: 2000, description: 'In the contact’s words.' })
  text?: string | null;

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: 4000,
    description: 'Where it was answered at once.',
  })
  answer?: string | null;
}

/** A visit or a call, as the member tells of it afterwards. */
export class VisitBody {
  @IdField({
    optional: true,
    nullable: true,
    description: 'Your own reference: sending the visit again under it changes nothing.',
  })
  visitRef?: string | null;

  @IdField()
  contactId!: ContactId;

  @IdField({ optional: true, description: 'Who was there; left out: the member that the key belongs to.' })
  memberId?: MemberId;

  @TimeField({ description: 'When it was; never in the future.' })
  at!: Date;

  @IdField({ description: 'A channel on which people meet: of kind visit, call, event or branch.' })
  channelId!: ChannelId;

  @TextField({ optional: true, nullable: true, max: 4000 })
  note?: string | null;

  @TextListField({ optional: true, max: 20, description: 'What was talked about.' })
  topics?: string[];

  @NumberField({ optional: true, nullable: true, min: -1, max: 1 })
  sentiment?: number | null;

  @IdField({ optional: true, nullable: true, description: 'The conversation that it was part of.' })
  conversationId?: string | null;

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: 2000,
    description:
      'What the member does next: becomes a task of hers, and marketing is silent until it is done.',
  })
  nextStep?: string | null;

  @NestedListField(() => PreferenceBody, { optional: true, max: ENTRIES_MAX })
  preferences?: PreferenceBody[];

  @NestedListField(() => ConsentBody, {
    optional: true,
    max: ENTRIES_MAX,
    description: 'What the contact allowed or refused; holds from the visit on.',
  })
  consents?: ConsentBody[];

  @NestedListField(() => RequestBody, { optional: true, max: ENTRIES_MAX })
  requests?: RequestBody[];

  @NestedListField(() => PromiseBody, { optional: true, max: ENTRIES_MAX })
  promises?: PromiseBody[];

  @NestedListField(() => QuestionBody, { optional: true, max: ENTRIES_MAX })
  questions?: QuestionBody[];

  @IdField({ optional: true, nullable: true, description: 'The suggestion that led to it: it is completed.' })
  suggestionId?: SuggestionId | null;
}

/** The visit that a body tells of, and what is wrong with its days. */
export function visitFrom(body: VisitBody, memberId: MemberId): { visit: Visit; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const due = (text: string | null | undefined, pointer: string) => {
    const read = readDue(text, pointer);
    problems.push(...read.problems);
    return read.dueAt;
  };
  const visit: Visit = {
    contactId: body.contactId,
    memberId,
    at: body.at,
    channelId: body.channelId,
    note: body.note ?? null,
    topics: [...new Set(body.topics)],
    sentiment: body.sentiment ?? null,
    conversationId: body.conversationId ?? null,
    nextStep: body.nextStep ?? null,
    preferences: (body.preferences ?? []).map(({ channelId, topic, likes }) => ({
      channelId: channelId ?? null,
      topic: topic ?? null,
      likes,
    })),
    consents: (body.consents ?? []).map((consent) => ({ ...consent })),
    requests: (body.requests ?? []).map(({ role, about, topics, dueAt }, place) => ({
      role,
      about,
      topics: topics ?? null,
      dueAt: due(dueAt, `/requests/${place}/dueAt`),
    })),
    promises: (body.promises ?? []).map(({ what, dueAt }, place) => ({
      what,
      dueAt: due(dueAt, `/promises/${place}/dueAt`) ?? dueAt,
    })),
    questions: (body.questions ?? []).map(({ topic, text, answer }) => ({
      topic,
      text: text ?? null,
      answer: answer ?? null,
    })),
    suggestionId: body.suggestionId ?? null,
  };
  return { visit, problems };
}
