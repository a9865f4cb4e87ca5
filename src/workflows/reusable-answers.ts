import type { AccountId } from '../catalogue/index.js';
import {
  type DecisionLog,
  incrementalFor,
  inHoldout,
  type OpenQuestion,
  type OpenQuestions,
  type Question,
  questionKey,
  versionsKey,
  type World,
} from '../recommender/index.js';
import type { Suggestion, SuggestionBook } from '../suggestions/index.js';
import type { DecisionAnswer } from './decide.js';

export interface ReusableParts {
  decisions: DecisionLog;
  questions: OpenQuestions;
  suggestions: SuggestionBook;
}

/** The open answers to which nothing has happened since, with all their suggestions still before somebody. */
export async function reusable(
  questions: readonly Question[],
  world: World,
  at: Date,
  parts: ReusableParts,
): Promise<Map<Question, DecisionAnswer>> {
  const open = await parts.questions.unchanged(
    questions.map((question) => asked(question, world)),
    at,
  );
  const found = new Map<Question, DecisionAnswer>();
  if (open.length === 0) return found;
  const [suggestions, decisions] = await Promise.all([
    parts.suggestions.byIds(
      open.flatMap(({ suggestionIds }) => suggestionIds),
      at,
    ),
    parts.decisions.find(open),
  ]);
  const standing = new Map(suggestions.filter(mayBeShown).map((one) => [one.suggestionId, one]));
  const made = new Map(decisions.map((decision) => [decision.decisionId, decision]));
  const answered = new Map(open.map((one) => [nameOf(one.accountId, one.question), one]));
  for (const question of questions) {
    const one = answered.get(nameOf(question.accountId, questionKey(question)));
    const decision = one && made.get(one.decisionId);
    const own = one?.suggestionIds.flatMap((id) => standing.get(id) ?? []) ?? [];
    if (!one || !decision || own.length < one.suggestionIds.length) continue;
    found.set(question, { decision, reused: true, suggestions: own, world, considered: null });
  }
  return found;
}

const nameOf = (accountId: AccountId, question: string): string => `${accountId}\u0000${question}`;

function mayBeShown({ state }: Suggestion): boolean {
  return state === 'open' || state === 'seen' || state === 'accepted';
}

/** The question, with the versions under which its account would be decided now. */
function asked(question: Question, world: World): Pick<OpenQuestion, 'accountId' | 'question' | 'versions'> {
  const { accountId } = question;
  const held = inHoldout(accountId, { salt: world.salt, share: world.holdoutShare });
  const model = held ? world.baseline : world.model;
  const versions = versionsKey({
    catalogue: world.catalogue.version,
    rules: world.rules.version,
    featureSet: world.featureSet.version,
    model: `${model.name}:${model.version}`,
    incremental: incrementalFor(model, world)?.version,
  });
  return { accountId, question: questionKey(question), versions };
}
