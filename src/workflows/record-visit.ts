import type { AuditTrail } from '../access/index.js';
import type { AccountId, Accounts, Catalogues } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import { type Clock, digest, err, type Ids, ok, type Result, type Transaction } from '../shared/index.js';
import {
  type NewTask,
  type SuggestionBook,
  type Task,
  type TaskBook,
  taskData,
} from '../suggestions/index.js';
import type { IngestEvents, TellItems } from './ingest-events.js';
import type { RecordConsent } from './record-consent.js';
import type { AnsweredVisit, VisitAnswers, VisitRecorded } from './record-visit-answers.js';
import {
  conflicting,
  unknownTo,
  visitConsents,
  visitProblems,
  type VisitRefused,
} from './record-visit-checks.js';
import {
  followUpOf,
  meetingEvent,
  topicsOfRequest,
  type Visit,
  visitEventId,
  visitEvents,
  type VisitKey,
} from './record-visit-events.js';
import type { RespondToSuggestion } from './respond-to-suggestion.js';
import type { MakeTasks } from './task-making.js';
import type { TaskPeople } from './task-people.js';

export interface RecordVisitParts {
  ingest: IngestEvents;
  consents: RecordConsent;
  respond: RespondToSuggestion;
  making: MakeTasks;
  tasks: TaskBook;
  answers: VisitAnswers;
  suggestions: SuggestionBook;
  accounts: Accounts;
  people: TaskPeople;
  catalogues: Catalogues;
  audit: AuditTrail;
  clock: Clock;
  ids: Ids;
}

/** Who reports a visit. */
export interface Reporter {
  /** Key or member. */
  name: string;
  /** Stable name under which reports are deduplicated. */
  source: string;
}

/** Rolls back: an event of this id is in the log already, and no visit. */
class ToldOtherwise extends Error {}

type Answer = Result<VisitRecorded, VisitRefused>;

/** History, profile, consent, tasks and the suggestion that led to it: all of what a visit changes, or nothing. */
export class RecordVisit {
  constructor(private readonly parts: RecordVisitParts) {}

  /** `visitRef` makes a resend harmless. */
  async run(visit: Visit, visitRef: string | null, reporter: Reporter): Promise<Answer> {
    const { answers, accounts, catalogues, ingest, ids, clock } = this.parts;
    const accountId = (await accounts.accountsOf([visit.contactId])).get(visit.contactId);
    if (accountId === undefined) return err(unknownTo('contact', visit.contactId));
    const key = { source: reporter.source, visitRef: visitRef ?? ids.next() };
    const fingerprint = digest(visit);
    const before = visitRef === null ? null : repeatOf(await answers.find(key), fingerprint);
    if (before) return before;
    const catalogue = await catalogues.current();
    const now = clock.now();
    const refused = visitProblems(visit, catalogue, now) ?? (await this.unknown(visit, accountId));
    if (refused) return err(refused);
    const facts = visitConsents(visit, accountId, { ids, actor: reporter.name, now });
    if (!facts.ok) return facts;
    const kind = catalogue.channels.get(visit.channelId)?.kind;
    const meeting = kind && meetingEvent(kind);
    if (meeting === undefined) throw new Error(`Nobody meets on ${visit.channelId}`);
    const happened = visit.at > now ? { ...visit, at: now } : visit;
    try {
      return await ingest.together(
        visitEvents(happened, key, meeting),
        { origin: 'live', recordedBy: reporter.name, publicKey: false },
        (tell, within) =>
          this.record(
            { visit: happened, key, accountId, facts: facts.value, fingerprint },
            reporter,
            tell,
            within,
          ),
      );
    } catch (cause) {
      if (!(cause instanceof ToldOtherwise)) throw cause;
      return err(conflicting(`The reference ${key.visitRef} names an event that came in another way.`));
    }
  }

  private async unknown(visit: Visit, accountId: AccountId): Promise<VisitRefused | undefined> {
    const { people, suggestions, clock } = this.parts;
    if (!(await people.members([visit.memberId])).has(visit.memberId))
      return unknownTo('team member', visit.memberId);
    if (visit.suggestionId === null) return undefined;
    const suggestion = await suggestions.find(visit.suggestionId, clock.now());
    return suggestion?.accountId === accountId ? undefined : unknownTo('suggestion', visit.suggestionId);
  }

  /** The account is locked, unless all of this was told before. */
  private async record(
    { visit, key, accountId, facts, fingerprint }: Told,
    reporter: Reporter,
    tell: TellItems,
    within: Transaction,
  ): Promise<Answer> {
    const { answers, consents, clock, audit } = this.parts;
    const before = repeatOf(await answers.find(key, within), fingerprint);
    if (before) return before;
    const suggestion = await this.complete(visit, accountId, within);
    const events = await tell();
    const visitId = visitEventId(key);
    if (!events.some(({ eventId }) => eventId === visitId)) throw new ToldOtherwise(key.visitRef);
    const at = clock.now();
    const stopped = await consents.within(facts, at, within);
    const promised = new Set<string>(events.map(({ eventId }) => eventId));
    await this.parts.making.within(tasksOf(visit, key, accountId), visit.memberId, within);
    const open = await this.parts.tasks.openOf([accountId], within);
    const tasks = open.filter(({ eventId }) => eventId !== null && promised.has(eventId));
    const recorded: VisitRecorded = {
      visitId,
      accountId,
      recordedAt: at,
      tasks: tasks.map(taskData),
      consents: facts.map(({ consentId, recordedAt }) => ({ consentId, recordedAt })),
      ...stopped,
      suggestion,
      repeated: false,
    };
    await answers.keep(key, { accountId, fingerprint, answer: recorded }, at, within);
    await audit.record([auditOf(recorded, visit, reporter, tasks)], within);
    return ok(recorded);
  }

  /** Before anything else is told, so that it is completed rather than found to be contradicted. */
  private async complete(
    { suggestionId, memberId }: Visit,
    accountId: AccountId,
    within: Transaction,
  ): Promise<VisitRecorded['suggestion']> {
    if (suggestionId === null) return null;
    const { respond, suggestions, clock } = this.parts;
    await respond.within({ accountId, suggestionId }, { kind: 'completed' }, memberId, within);
    const now = await suggestions.find(suggestionId, clock.now(), within);
    return now && { suggestionId, state: now.state };
  }
}

interface Told {
  visit: Visit;
  key: VisitKey;
  accountId: AccountId;
  facts: readonly ConsentFact[];
  fingerprint: string;
}

function repeatOf(known: AnsweredVisit | null, fingerprint: string): Answer | undefined {
  if (!known) return undefined;
  if (known.fingerprint !== fingerprint)
    return err(
      conflicting('Another visit was reported under this visitRef: give each visit a reference of its own.'),
    );
  return ok({ ...known.answer, repeated: true });
}

/** What is left to do for others and for the member; promises become tasks by being told. */
function tasksOf(visit: Visit, key: VisitKey, accountId: AccountId): NewTask[] {
  const common = {
    accountId,
    contactId: visit.contactId,
    suggestionId: null,
    eventId: visitEventId(key),
    conversationId: followUpOf(visit, key),
  };
  const handovers = visit.requests.map((request): NewTask => {
    const { role, about, dueAt } = request;
    return {
      ...common,
      kind: 'handover',
      to: { role },
      about,
      topics: topicsOfRequest(request, visit),
      dueAt,
    };
  });
  if (visit.nextStep === null) return handovers;
  const { memberId, nextStep: about, topics } = visit;
  return [...handovers, { ...common, kind: 'follow-up', to: { memberId }, about, topics, dueAt: null }];
}

function auditOf(
  { visitId, accountId, consents }: VisitRecorded,
  { contactId, memberId, channelId }: Visit,
  { name }: Reporter,
  tasks: readonly Task[],
) {
  return {
    actor: name,
    action: 'visit.recorded',
    subjectKind: 'visit',
    subjectId: visitId,
    detail: { accountId, contactId, memberId, channelId, consents: consents.length, tasks: tasks.length },
  };
}
