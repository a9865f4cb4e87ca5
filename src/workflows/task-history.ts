import type { AccountId, Role } from '../catalogue/index.js';
import type { ConsentLedger } from '../consent/index.js';
import { type ContactRules, hiddenFrom, type HiddenTopics, isHidden } from '../contact-policy/index.js';
import {
  type EventLog,
  QUESTION_ANSWERED,
  QUESTION_ASKED,
  questionsOf,
  type ThreadLog,
  touchEvents,
  type TouchLog,
} from '../events/index.js';
import { addDays, type Clock } from '../shared/index.js';
import { type AccountBrief, briefOf, type Task, type TaskBook } from '../suggestions/index.js';

export interface TaskHistoryParts {
  touches: TouchLog;
  events: EventLog;
  threads: ThreadLog;
  consents: ConsentLedger;
  tasks: TaskBook;
  rules: ContactRules;
  clock: Clock;
}

/** Who reads: what the firewall hides from the role is left out. Null: a machine, from which nothing is hidden. */
export interface Reader {
  role: Role | null;
  memberId: string | null;
}

/** How far back the short history looks. */
const DAYS = 180;
/** Events of the names that matter, the newest. */
const EVENTS_READ = 200;
const READ_NAMES = [...Object.keys(touchEvents), QUESTION_ASKED, QUESTION_ANSWERED, 'Form Submitted'];

/** What a colleague must know of an account to take something over. */
export class TaskHistory {
  constructor(private readonly parts: TaskHistoryParts) {}

  async of(accountId: AccountId, reader: Reader): Promise<AccountBrief> {
    const { touches, events, threads, consents, tasks, rules, clock } = this.parts;
    const from = addDays(clock.now(), -DAYS);
    const [set, made, told, quotes, facts, open] = await Promise.all([
      rules.current(),
      touches.since([accountId], from),
      events.page(accountId, { names: READ_NAMES, limit: EVENTS_READ }),
      threads.quotesSince([accountId], from),
      consents.ofAccounts([accountId]),
      tasks.openOf([accountId]),
    ]);
    return briefOf({
      touches: made.get(accountId) ?? [],
      events: told,
      questions: questionsOf(told),
      quotes: quotes.get(accountId) ?? [],
      consents: facts.get(accountId) ?? [],
      tasks: open,
      hidden: hiddenFrom(set, reader.role),
    });
  }

  /** The tasks as a reader may see them: of what somebody else is to do about a hidden topic, not what it is. */
  async shownTo(tasks: readonly Task[], reader: Reader): Promise<Task[]> {
    const hidden = hiddenFrom(await this.parts.rules.current(), reader.role);
    return tasks.map((task) => (isSecret(task, reader, hidden) ? withoutContent(task, hidden) : task));
  }
}

function isSecret(task: Task, { memberId }: Reader, hidden: HiddenTopics): boolean {
  const own = memberId !== null && (task.memberId === memberId || task.createdBy === memberId);
  return !own && isHidden(hidden, task.topics, true);
}

function withoutContent(task: Task, { topics, enquiries }: HiddenTopics): Task {
  const secret = new Set([...topics, ...enquiries]);
  return { ...task, about: '', note: null, topics: task.topics.filter((topic) => !secret.has(topic)) };
}
