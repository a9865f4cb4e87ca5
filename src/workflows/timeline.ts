import type { AccountId, Catalogues, ContactId, Role } from '../catalogue/index.js';
import { type ContactRules, hiddenFrom, type HiddenTopics, isHidden } from '../contact-policy/index.js';
import { type EventLog, QUESTION_ANSWERED, QUESTION_ASKED, questionsOf } from '../events/index.js';
import { wordClosing } from '../suggestions/index.js';
import {
  type TimelineKind,
  type TimelinePlace,
  type TimelineRow,
  type TimelineRows,
} from './timeline-rows.js';
import { titleOf, wordsFor } from './timeline-wording/title.js';

/** One line of an account's history. */
export interface TimelineItem {
  at: Date;
  kind: TimelineKind;
  /** In the reader's language. */
  title: string;
  /** Name of the event, status of the consent, kind of the response or task, id of the outcome or of the alert's rule. */
  name: string;
  /** Where it stands: of a question whether it was answered, of a touch, suggestion, task or alert its state. */
  state: string | null;
  /** What was said, noted or agreed to. */
  text: string | null;
  channelId: string | null;
  memberId: string | null;
  contactId: string | null;
  topics: string[];
  sentiment: number | null;
  conversationId: string | null;
  /** Id of the event, or of the record that the line tells of. */
  eventId: string;
}

export interface TimelineRequest {
  accountId: AccountId;
  before?: TimelinePlace;
  kinds?: readonly TimelineKind[];
  contactId?: ContactId;
  from?: Date;
  to?: Date;
  limit: number;
  /** Null: a machine, from which the firewall hides nothing. */
  role: Role | null;
  locale: string | null;
}

export interface TimelineParts {
  rows: TimelineRows;
  events: EventLog;
  rules: ContactRules;
  catalogues: Catalogues;
}

/** Questions and answers looked over to tell which questions are open. */
const QUESTIONS_READ = 500;

/** Everything that happened with an account, by everyone, as far as the reader's role may see it. */
export class ReadTimeline {
  constructor(private readonly parts: TimelineParts) {}

  /** Newest first, with the place of each line; one more than the limit where there are more. */
  async page(request: TimelineRequest): Promise<{ place: TimelinePlace; item: TimelineItem }[]> {
    const { rows, rules, catalogues } = this.parts;
    const { accountId, role, locale, ...query } = request;
    const hidden = hiddenFrom(await rules.current(), role);
    const found = await rows.page(accountId, { ...query, hidden });
    const answered = await this.answered(accountId, found);
    const catalogue = await catalogues.current();
    const words = wordsFor(locale);
    return found
      .map((row) => withoutSecrets(row, hidden))
      .map((row) => (row.closing ? { ...row, text: wordClosing(row.closing, locale) } : row))
      .map((row) => ({
        place: { at: row.at, kind: row.kind, key: row.key },
        item: itemOf(row, titleOf(row, words, catalogue), answered.get(row.recordId) ?? row.state),
      }));
  }

  private async answered(accountId: AccountId, rows: readonly TimelineRow[]): Promise<Map<string, string>> {
    if (!rows.some(({ name }) => name === QUESTION_ASKED)) return new Map();
    const told = await this.parts.events.page(accountId, {
      names: [QUESTION_ASKED, QUESTION_ANSWERED],
      limit: QUESTIONS_READ,
    });
    return new Map(
      questionsOf(told).map(({ eventId, answer }) => [eventId, answer === null ? 'open' : 'answered']),
    );
  }
}

function itemOf(row: TimelineRow, title: string, state: string | null): TimelineItem {
  const { at, kind, name, text, channelId, memberId, contactId, topics, sentiment, conversationId } = row;
  return {
    at,
    kind,
    title,
    name,
    state,
    text,
    channelId,
    memberId,
    contactId,
    topics,
    sentiment,
    conversationId,
    eventId: row.recordId,
  };
}

/** Of touches and tasks about a hidden topic it is told that they were, not what was said. */
function withoutSecrets(row: TimelineRow, hidden: HiddenTopics): TimelineRow {
  if ((row.kind !== 'touch' && row.kind !== 'task') || !isHidden(hidden, row.topics, true)) return row;
  const topics = row.topics.filter((topic) => !isHidden(hidden, [topic], row.kind === 'task'));
  return { ...row, topics, subject: null, text: null, actionId: null, productId: null };
}
