import type { AccountId } from '../catalogue/index.js';
import type { Question } from '../recommender/index.js';
import type { Result } from '../shared/index.js';
import { BatchQueue } from './batch-queue.js';
import type { DecideOptions, DecideRefused, DecisionAnswer, Meanwhile } from './decide.js';

type Answered = Result<DecisionAnswer, DecideRefused>;
type Batch = (questions: readonly Question[], options: DecideOptions) => Promise<Answered[]>;

interface Asked {
  question: Question;
  meanwhile: Meanwhile | undefined;
}

/**
 * Groups under way at a time, so that one computes while others wait for the database; their questions; and how long a
 * group waits for company while others ask too: a moment, beside what reading and the flush to disk take. Groups twice
 * as large take a quarter less of both processors.
 */
const SHARING = { lanes: 4, groupItems: 16, gatherMilliseconds: 5 };

/**
 * Group commit of single questions: those that come while others are being answered are answered together, and share
 * reading, locks and the flush to disk. With nobody else asking, nothing waits.
 */
export class DecideTogether {
  private readonly usual: BatchQueue<Asked, Answered>;
  private readonly fresh: BatchQueue<Asked, Answered>;

  constructor(private readonly batch: Batch) {
    this.usual = new BatchQueue((asked) => this.answers(asked, {}), SHARING);
    this.fresh = new BatchQueue((asked) => this.answers(asked, { fresh: true }), SHARING);
  }

  /** One answer. What is more than a question, fresh or not, is answered by itself. */
  async one(question: Question, options: DecideOptions): Promise<Answered> {
    const { fresh, meanwhile, ...further } = options;
    if (Object.values(further).every((given) => !given))
      return (fresh ? this.fresh : this.usual).add({ question, meanwhile }, 1);
    const [answer] = await this.batch([question], options);
    if (!answer) throw new Error('One question has one answer');
    return answer;
  }

  private async answers(asked: readonly Asked[], options: DecideOptions): Promise<Answered[]> {
    const answers = new Map<Question, Answered>();
    const questions = asked.map(({ question }) => question);
    const listening = [...new Set(asked.flatMap(({ meanwhile }) => meanwhile ?? []))];
    const meanwhile: Meanwhile = (made, world) => listening.forEach((told) => told(made, world));
    const given: DecideOptions = listening.length > 0 ? { ...options, meanwhile } : options;
    for (const apart of aboutDifferentAccounts(questions)) {
      const found = await this.batch(apart, given);
      found.forEach((answer, place) => answers.set(apart[place] as Question, answer));
    }
    return questions.flatMap((question) => answers.get(question) ?? []);
  }
}

/** The questions in as few lists as leave no account twice in one; in order. */
function aboutDifferentAccounts(questions: readonly Question[]): Question[][] {
  const lists: Question[][] = [];
  const times = new Map<AccountId, number>();
  for (const question of questions) {
    const before = times.get(question.accountId) ?? 0;
    times.set(question.accountId, before + 1);
    (lists[before] ??= []).push(question);
  }
  return lists;
}
