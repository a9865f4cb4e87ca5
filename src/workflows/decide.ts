import type { AccountId, MemberId } from '../catalogue/index.js';
import type { Outbox } from '../delivery/index.js';
import {
  type Answer,
  type ConsideredCandidate,
  type Decision,
  type DecisionId,
  type DecisionLog,
  type OpenQuestions,
  type Question,
  recommend,
  type Request,
  type Situation,
  type SuggestionId,
  type World,
} from '../recommender/index.js';
import {
  type Clock,
  err,
  freshSeed,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import { type Suggestion, type SuggestionBook, suggestionStates } from '../suggestions/index.js';
import { audienceOf } from './suggestion-audience.js';
import { closedMessage, createdMessages } from './suggestion-messages.js';
import { DecideTogether } from './decide-together.js';
import { type PublishDecisions, type Published, suggestionsOf } from './publish-decisions.js';
import { reusable } from './reusable-answers.js';
import type { ShadowDecisions } from './shadow-decisions.js';
import type { Situations } from './situations.js';

export interface DecideOptions {
  /** Also give every candidate, with its priority or its refusal. */
  explain?: boolean;
  /** Decides and stores nothing. */
  dryRun?: boolean;
  /** Decides afresh even when the open answer would do. */
  fresh?: boolean;
  /** As of this time; only with `dryRun`. */
  at?: Date;
  /**
   * Happens in the transaction that writes the decisions, for those that are written: all of it or nothing. Only with
   * `fresh`.
   */
  alongside?: (written: readonly MadeDecision[], within: Transaction) => Promise<void>;
  /** Of the draws, so that a simulation can be repeated; else nobody can guess them. */
  seed?: string;
  /** Told of the decisions while they are being written, before it is known which of them stand. */
  meanwhile?: Meanwhile;
}

/** Begins what takes long, and never throws. */
export type Meanwhile = (made: readonly Decision[], world: World) => void;

export interface MadeDecision {
  decision: Decision;
  suggestions: Suggestion[];
}

export interface DecisionAnswer {
  decision: Decision;
  reused: boolean;
  suggestions: Suggestion[];
  /** What was the same for every account. */
  world: World;
  /** With `explain`. */
  considered: ConsideredCandidate[] | null;
}

export type DecideRefused =
  | { code: 'unknown-account'; id: string }
  | { code: 'unknown-contact'; id: string }
  /** The account changed faster than it could be decided. */
  | { code: 'contended'; id: string };

export interface DecideParts {
  transactions: Transactions;
  situations: Situations;
  publish: PublishDecisions;
  decisions: DecisionLog;
  questions: OpenQuestions;
  suggestions: SuggestionBook;
  outbox: Outbox;
  shadow: Pick<ShadowDecisions, 'offer'>;
  clock: Clock;
  ids: Ids;
}

/** Tries before an account that keeps changing is given up. */
const TRIES = 5;

/** Answers what to do next: the open answer while nothing has changed, else a fresh decision, recorded. */
export class Decide {
  private readonly together = new DecideTogether((questions, options) => this.batch(questions, options));

  constructor(private readonly parts: DecideParts) {}

  async one(question: Question, options: DecideOptions = {}): Promise<Result<DecisionAnswer, DecideRefused>> {
    return this.together.one(question, options);
  }

  /** One answer a question, in order; the questions are about different accounts. */
  async batch(
    questions: readonly Question[],
    options: DecideOptions = {},
  ): Promise<Result<DecisionAnswer, DecideRefused>[]> {
    const at = (options.dryRun ? options.at : undefined) ?? this.parts.clock.now();
    const answers = new Map<Question, Result<DecisionAnswer, DecideRefused>>();
    const { situations } = this.parts;
    let read: Situation[] | null = null;
    let world: World;
    if (options.fresh || options.dryRun) {
      ({ world, situations: read } = await situations.withWorld(accountsOf(questions), at));
    } else {
      world = await situations.world();
      for (const [question, answer] of await reusable(questions, world, at, this.parts))
        answers.set(question, ok(answer));
    }
    await this.prepare(world, at, options);
    for (let tried = 1; tried <= TRIES && answers.size < questions.length; tried += 1) {
      const open = questions.filter((question) => !answers.has(question));
      read ??= await situations.of(accountsOf(open), world, at);
      await this.decide(open, read, { world, at, options, tried }, answers);
      read = null;
    }
    return questions.map(
      (question) => answers.get(question) ?? err({ code: 'contended', id: question.accountId }),
    );
  }

  /** Every candidate of an account as it is considered now, with the list that would come of it; nothing is stored. */
  async explain(question: Question, at?: Date): Promise<Result<DecisionAnswer, DecideRefused>> {
    return this.one(question, { explain: true, dryRun: true, ...(at ? { at } : {}) });
  }

  private async prepare(world: World, at: Date, { dryRun }: DecideOptions): Promise<void> {
    if (dryRun) return;
    const { decisions } = this.parts;
    await decisions.prepare(at);
    for (const { inputSchema } of [world.model, world.baseline]) {
      if (inputSchema) await decisions.saveSchema(inputSchema);
    }
  }

  private async decide(
    questions: readonly Question[],
    situations: readonly Situation[],
    round: { world: World; at: Date; options: DecideOptions; tried: number },
    answers: Map<Question, Result<DecisionAnswer, DecideRefused>>,
  ): Promise<void> {
    const { world, at, options } = round;
    const known = new Map(situations.map((situation) => [situation.dossier.account.accountId, situation]));
    const requests: Request[] = [];
    for (const question of questions) {
      const situation = known.get(question.accountId);
      const refused = refusalOf(question, situation);
      if (refused || !situation)
        answers.set(question, err(refused ?? { code: 'unknown-account', id: question.accountId }));
      else requests.push(this.request(question, situation, at, options));
    }
    const made = recommend(requests, world);
    const committed = options.dryRun ? null : this.commit(made, known, round);
    options.meanwhile?.(
      made.map(({ decision }) => decision),
      world,
    );
    const stands = await committed;
    for (const [place, { decision, considered }] of made.entries()) {
      if (stands && !stands.has(decision.accountId)) continue;
      const request = requests[place];
      if (stands && request) this.parts.shadow.offer({ request, decision, world });
      const states = known.get(decision.accountId)?.standingStates;
      const suggestions = suggestionsOf(decision, world.catalogue).map((suggestion) =>
        withState(suggestion, states?.get(suggestion.suggestionId)),
      );
      answers.set(decision.question, ok({ decision, reused: false, suggestions, world, considered }));
    }
  }

  /** Accounts whose decision was written. The last try does not wait for a quiet moment of the account's events. */
  private async commit(
    made: readonly Answer[],
    known: ReadonlyMap<AccountId, Situation>,
    { world, at, options, tried }: { world: World; at: Date; options: DecideOptions; tried: number },
  ): Promise<Set<AccountId>> {
    const { transactions, publish, outbox, ids } = this.parts;
    if (made.length === 0) return new Set();
    const written = await transactions.run(async (within) => {
      const tell = ({ written: told, closed }: Published<Decision>): Promise<void> =>
        outbox.put(
          [
            ...closed.map((one) => closedMessage(`msg_${ids.next()}`, 'suggestion.closed', one, one, at)),
            ...createdMessages(newlyMade(told, known, world), at, () => `msg_${ids.next()}`),
          ],
          within,
        );
      const published = await publish.fresh(
        made.map(({ decision }) => decision),
        world.catalogue,
        { stateMustStand: tried < TRIES, told: tell },
        at,
        within,
      );
      await options.alongside?.(
        published.written.map((decision) => ({
          decision,
          suggestions: suggestionsOf(decision, world.catalogue),
        })),
        within,
      );
      return published.written;
    });
    return new Set(written.map(({ accountId }) => accountId));
  }

  private request(
    question: Question,
    situation: Situation,
    at: Date,
    { explain, seed }: DecideOptions,
  ): Request {
    const { ids } = this.parts;
    return {
      question,
      situation,
      at,
      decisionId: ids.next() as DecisionId,
      seed: seed === undefined ? freshSeed() : `${seed}:${question.accountId}:${question.contactId ?? ''}`,
      nextSuggestionId: () => ids.next() as SuggestionId,
      runId: null,
      ...(explain ? { explain } : {}),
    };
  }
}

function accountsOf(questions: readonly Question[]): AccountId[] {
  return questions.map(({ accountId }) => accountId);
}

/** What was not before anybody until now, and who may see it. */
function newlyMade(
  decisions: readonly Decision[],
  known: ReadonlyMap<AccountId, Situation>,
  world: World,
): { suggestion: Suggestion; seenBy: readonly MemberId[] }[] {
  return decisions.flatMap((decision) => {
    const situation = known.get(decision.accountId);
    if (!situation) return [];
    return suggestionsOf(decision, world.catalogue).flatMap((suggestion) => {
      if (situation.standingStates?.has(suggestion.suggestionId)) return [];
      const seenBy = audienceOf(suggestion.topics, situation.dossier.team, world.rules);
      return seenBy ? [{ suggestion, seenBy }] : [];
    });
  });
}

/** What stood before keeps its state: somebody may have seen it. */
function withState(suggestion: Suggestion, state: string | undefined): Suggestion {
  const known = suggestionStates.find((one) => one === state);
  return known === undefined || known === 'snoozed' ? suggestion : { ...suggestion, state: known };
}

function refusalOf(
  { accountId, contactId }: Question,
  situation: Situation | undefined,
): DecideRefused | null {
  if (!situation) return { code: 'unknown-account', id: accountId };
  const { account, contacts } = situation.dossier;
  const own =
    contactId === null ||
    contactId === (account.accountId as string) ||
    contacts.some((contact) => contact.contactId === contactId);
  return own ? null : { code: 'unknown-contact', id: contactId };
}
