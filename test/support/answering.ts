import { type Answer, type Question, recommend, type Request } from '../../src/recommender/index.js';
import { type Known, type Offering, request, world } from './recommender.js';

/** The answer to one question in a small world. */
export function answer(
  offering: Offering,
  known: Known = {},
  question: Partial<Question> = {},
  changes: Parameters<typeof world>[1] & { request?: Partial<Request> } = {},
): Answer {
  const { request: more = {}, ...rest } = changes;
  const [made] = recommend([request(known, question, { explain: true, ...more })], world(offering, rest));
  if (!made) throw new Error('One request has one answer');
  return made;
}
/** What is suggested, the best first. */
export const actionsOf = ({ decision }: Answer): string[] =>
  decision.suggestions.map(({ actionId }) => actionId);

/** Why a candidate is left out. Needs a question that was to be explained, as `answer` asks. */
export const ruleOf = ({ considered }: Answer, actionId: string) =>
  considered?.find((candidate) => candidate.actionId === actionId)?.rule;
