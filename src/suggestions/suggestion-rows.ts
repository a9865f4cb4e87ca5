import type { DecisionId, SuggestionId } from '../recommender/index.js';
import type { ClosingReason } from './closing.js';
import type { Suggestion } from './suggestion.js';

/** A suggestion as its row holds it. */
export interface SuggestionRow {
  account_id: string;
  suggestion_id: string;
  decision_id: string;
  decided_at: Date;
  run_id: string | null;
  question: string;
  contextual: boolean;
  rank: number;
  contact_id: string;
  channel_id: string;
  action_id: string;
  product_id: string | null;
  treatment_id: string | null;
  content_id: string | null;
  action_name: string;
  intent: string;
  purpose: string;
  product_ids: string[];
  topics: string[];
  role: string;
  member_id: string | null;
  viewer_role: string | null;
  slot_from: Date;
  slot_to: Date;
  time_zone: string;
  propensity: number;
  value: number;
  priority: number;
  inclusion_probability: number | null;
  state: string;
  because: string | null;
  snoozed_until: Date | null;
  verified_at: Date;
  verified_epoch: string | number;
  verified_versions: string;
  created_at: Date;
  changed_at: Date;
  expires_at: Date;
}

/** A row as it is read: also why it was closed. */
export interface ReadSuggestionRow extends SuggestionRow {
  closing: ClosingReason | null;
}

/** Columns and their types. */
export const columnTypes = {
  account_id: 'text',
  suggestion_id: 'text',
  decision_id: 'text',
  decided_at: 'timestamptz',
  run_id: 'text',
  question: 'text',
  contextual: 'boolean',
  rank: 'int',
  contact_id: 'text',
  channel_id: 'text',
  action_id: 'text',
  product_id: 'text',
  treatment_id: 'text',
  content_id: 'text',
  action_name: 'text',
  intent: 'text',
  purpose: 'text',
  product_ids: 'text[]',
  topics: 'text[]',
  role: 'text',
  member_id: 'text',
  viewer_role: 'text',
  slot_from: 'timestamptz',
  slot_to: 'timestamptz',
  time_zone: 'text',
  propensity: 'double precision',
  value: 'double precision',
  priority: 'double precision',
  inclusion_probability: 'double precision',
  state: 'text',
  because: 'text',
  snoozed_until: 'timestamptz',
  verified_at: 'timestamptz',
  verified_epoch: 'bigint',
  verified_versions: 'text',
  created_at: 'timestamptz',
  changed_at: 'timestamptz',
  expires_at: 'timestamptz',
} as const satisfies { readonly [Column in keyof SuggestionRow]: string };

type Readers = {
  readonly [Column in keyof SuggestionRow]: (suggestion: Suggestion) => SuggestionRow[Column];
};

/** What all suggestions of one answer have in common: sent once for them. */
const common = {
  account_id: ({ accountId }) => accountId,
  decision_id: ({ decisionId }) => decisionId,
  decided_at: ({ decidedAt }) => decidedAt,
  run_id: ({ runId }) => runId,
  question: ({ question }) => question,
  contextual: ({ contextual }) => contextual,
  viewer_role: ({ viewerRole }) => viewerRole,
  state: ({ state }) => state,
  because: ({ because }) => because,
  snoozed_until: ({ snoozedUntil }) => snoozedUntil,
  verified_at: ({ verifiedAt }) => verifiedAt,
  verified_epoch: ({ verifiedEpoch }) => verifiedEpoch,
  verified_versions: ({ verifiedVersions }) => verifiedVersions,
  created_at: ({ createdAt }) => createdAt,
  changed_at: ({ changedAt }) => changedAt,
} satisfies Partial<Readers>;

const own = {
  suggestion_id: ({ suggestionId }) => suggestionId,
  rank: ({ rank }) => rank,
  contact_id: ({ contactId }) => contactId,
  channel_id: ({ channelId }) => channelId,
  action_id: ({ actionId }) => actionId,
  product_id: ({ productId }) => productId,
  treatment_id: ({ treatmentId }) => treatmentId,
  content_id: ({ contentId }) => contentId,
  action_name: ({ actionName }) => actionName,
  intent: ({ intent }) => intent,
  purpose: ({ purpose }) => purpose,
  product_ids: ({ productIds }) => productIds,
  topics: ({ topics }) => topics,
  role: ({ performedBy }) => performedBy.role,
  member_id: ({ performedBy }) => performedBy.memberId,
  slot_from: ({ slot }) => slot.from,
  slot_to: ({ slot }) => slot.to,
  time_zone: ({ slot }) => slot.timeZone,
  propensity: ({ propensity }) => propensity,
  value: ({ value }) => value,
  priority: ({ priority }) => priority,
  inclusion_probability: ({ inclusionProbability }) => inclusionProbability,
  expires_at: ({ expiresAt }) => expiresAt,
} satisfies Omit<Readers, keyof typeof common>;

const readers: Readers = { ...common, ...own };
type Reader = Readers[keyof Readers];

const readersInOrder = (Object.keys(columnTypes) as (keyof Readers)[]).map(
  (column): Reader => readers[column],
);

/** Values of a suggestion in the order of its columns. */
export function valuesOf(suggestion: Suggestion): SuggestionRow[keyof SuggestionRow][] {
  return readersInOrder.map((reader) => reader(suggestion));
}

const typed = (columns: Partial<Readers>): string =>
  Object.entries(columnTypes)
    .filter(([column]) => Object.hasOwn(columns, column))
    .map(([column, type]) => `${column} ${type}`)
    .join(', ');

/** Rows of suggestions from what `givenAnswers` gives as the parameter $1. */
export const GIVEN = `
  select ${Object.keys(columnTypes).join(', ')}
    from jsonb_to_recordset($1::jsonb) as answer(${typed(common)}, places jsonb)
   cross join lateral jsonb_to_recordset(answer.places) as place(${typed(own)})`;

/** Suggestions, one list an answer, as JSON. */
export function givenAnswers(answers: readonly (readonly Suggestion[])[]): string {
  const given: Record<string, unknown>[] = [];
  for (const suggestions of answers) {
    const [first] = suggestions;
    if (first) given.push({ ...read(common, first), places: suggestions.map((one) => read(own, one)) });
  }
  return JSON.stringify(given);
}

function read(columns: Readonly<Record<string, Reader>>, suggestion: Suggestion): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([column, reader]) => [column, reader(suggestion)]));
}

/** The rows hold what `rowOf` put there: closed vocabularies need no second check. */
export function suggestionFrom(row: ReadSuggestionRow): Suggestion {
  return {
    ...identityFrom(row),
    decisionId: row.decision_id as DecisionId,
    decidedAt: row.decided_at,
    runId: row.run_id,
    question: row.question,
    contextual: row.contextual,
    rank: row.rank,
    treatmentId: row.treatment_id as Suggestion['treatmentId'],
    contentId: row.content_id as Suggestion['contentId'],
    actionName: row.action_name,
    intent: row.intent as Suggestion['intent'],
    performedBy: { role: row.role, memberId: row.member_id } as Suggestion['performedBy'],
    viewerRole: row.viewer_role as Suggestion['viewerRole'],
    slot: { from: row.slot_from, to: row.slot_to, timeZone: row.time_zone },
    propensity: row.propensity,
    value: row.value,
    priority: row.priority,
    inclusionProbability: row.inclusion_probability,
    because: row.because,
    closing: row.closing,
    snoozedUntil: row.snoozed_until,
    verifiedAt: row.verified_at,
    verifiedEpoch: Number(row.verified_epoch),
    verifiedVersions: row.verified_versions,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    expiresAt: row.expires_at,
  };
}

function identityFrom(
  row: SuggestionRow,
): Pick<
  Suggestion,
  | 'suggestionId'
  | 'accountId'
  | 'contactId'
  | 'channelId'
  | 'purpose'
  | 'actionId'
  | 'productId'
  | 'productIds'
  | 'topics'
  | 'state'
  | 'slotFrom'
> {
  return {
    suggestionId: row.suggestion_id as SuggestionId,
    accountId: row.account_id as Suggestion['accountId'],
    contactId: row.contact_id as Suggestion['contactId'],
    channelId: row.channel_id as Suggestion['channelId'],
    purpose: row.purpose as Suggestion['purpose'],
    actionId: row.action_id as Suggestion['actionId'],
    productId: row.product_id as Suggestion['productId'],
    productIds: row.product_ids as Suggestion['productIds'],
    topics: row.topics,
    state: row.state as Suggestion['state'],
    slotFrom: row.slot_from,
  };
}
