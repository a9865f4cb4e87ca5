import type { Alert, AlertBook } from '../alerts/index.js';
import type { MemberId, Names } from '../catalogue/index.js';
import { type ContactRules, hiddenFrom } from '../contact-policy/index.js';
import type { DigestContent, DigestPeriod, DigestReader, DueEntry } from '../delivery/index.js';
import { addDays, type Clock } from '../shared/index.js';
import {
  isOverdue,
  type Suggestion,
  type SuggestionBook,
  type Task,
  type TaskBook,
} from '../suggestions/index.js';
import { headlineText, namesIn, reasonText } from './present-suggestions-words.js';
import type { PresentSuggestions } from './present-suggestions.js';
import type { TaskHistory } from './task-history.js';
import type { VerifySuggestions } from './verify-suggestions.js';

export interface DigestSources {
  suggestions: SuggestionBook;
  verify: VerifySuggestions;
  present: PresentSuggestions;
  alerts: AlertBook;
  tasks: TaskBook;
  histories: TaskHistory;
  rules: ContactRules;
  names: Names;
  clock: Clock;
}

/** Entries that a digest shows of each kind: it is looked over with a coffee, not worked through. */
const SUGGESTIONS = 5;
const REASONS = 2;
const ALERTS = 5;
const TASKS = 8;
const PROMISES = 5;
/** Read of each kind: those that others do, or that the check takes away, are left out. */
const SUGGESTIONS_READ = 40;
const READ = 200;
/** A promise is told of so many days ahead: it may take a while to keep. */
const PROMISE_DAYS = 7;

/**
 * What a member is told: only what she would see in the desk at this moment, checked against the contact policy and the
 * firewall in the same way.
 */
export class ComposeDigest {
  constructor(private readonly sources: DigestSources) {}

  async run(reader: DigestReader, { nextAt }: Pick<DigestPeriod, 'nextAt'>): Promise<DigestContent> {
    const [suggestions, alerts, tasks] = await Promise.all([
      this.suggestionsFor(reader),
      this.alertsFor(reader),
      this.tasksFor(reader, nextAt),
    ]);
    return { ...suggestions, ...alerts, ...tasks };
  }

  private async suggestionsFor({
    memberId,
    role,
    locale,
  }: DigestReader): Promise<Pick<DigestContent, 'suggestions'>> {
    const { suggestions, verify, present, clock } = this.sources;
    const at = clock.now();
    const asked = { memberId, seenBy: memberId, sort: 'priority', limit: SUGGESTIONS_READ, at } as const;
    const found = [
      ...(await suggestions.page({ ...asked, state: 'open' })),
      ...(await suggestions.page({ ...asked, state: 'seen' })),
    ].filter(({ performedBy }) => isHers(performedBy, memberId, role));
    const checked = (await verify.run(found, role)).filter(
      ({ state }) => state === 'open' || state === 'seen',
    );
    const best = checked.sort((a, b) => b.priority - a.priority).slice(0, SUGGESTIONS);
    const presentation = await present.of(best, role, { brief: true });
    return {
      suggestions: [...presentation.items.values()].map(({ suggestion, reasons }) => ({
        headline: headlineText(suggestion, presentation, locale),
        account: namesIn(suggestion, presentation).account,
        reasons: reasons
          .slice(0, REASONS)
          .map((reason) => reasonText(reason, suggestion, presentation, locale)),
        path: `/accounts/${encodeURIComponent(suggestion.accountId)}/suggestions`,
      })),
    };
  }

  private async alertsFor({
    memberId,
    role,
  }: DigestReader): Promise<Pick<DigestContent, 'alerts' | 'moreAlerts'>> {
    const { alerts, rules, clock } = this.sources;
    const hidden = hiddenFrom(await rules.current(), role);
    const open = await alerts.page({ memberId, hidden, state: 'open', limit: READ, at: clock.now() });
    const inOrder = [...open].sort(
      (a, b) => b.priority - a.priority || b.raisedAt.getTime() - a.raisedAt.getTime(),
    );
    return {
      alerts: inOrder.slice(0, ALERTS).map(alertEntry),
      moreAlerts: Math.max(0, inOrder.length - ALERTS),
    };
  }

  /** Hers, and those that are open for everybody of her role on accounts that she looks after. */
  private async tasksFor(
    { memberId, role }: DigestReader,
    nextAt: Date,
  ): Promise<Pick<DigestContent, 'tasks' | 'moreTasks' | 'promises' | 'morePromises'>> {
    const { tasks, histories, names, clock } = this.sources;
    const at = clock.now();
    const page = await tasks.page({ of: { memberId, role }, state: 'open', limit: READ });
    const shown = await histories.shownTo(page, { memberId, role });
    const promisedBy = new Date(Math.max(addDays(at, PROMISE_DAYS).getTime(), nextAt.getTime()));
    const isDue = ({ dueAt, kind }: Task) =>
      dueAt !== null && dueAt <= (kind === 'promise' ? promisedBy : nextAt);
    const due = shown.filter(isDue);
    const { accounts } = await names.of({
      accounts: due.map(({ accountId }) => accountId),
      contacts: [],
      members: [],
    });
    const entry = (task: Task): DueEntry => ({
      about: task.about,
      account: accounts.get(task.accountId) ?? task.accountId,
      dueAt: task.dueAt,
      overdue: isOverdue(task, at),
      path: `/tasks/${encodeURIComponent(task.taskId)}`,
    });
    const promises = due.filter(({ kind }) => kind === 'promise').map(entry);
    const others = due.filter(({ kind }) => kind !== 'promise').map(entry);
    return {
      tasks: others.slice(0, TASKS),
      moreTasks: Math.max(0, others.length - TASKS),
      promises: promises.slice(0, PROMISES),
      morePromises: Math.max(0, promises.length - PROMISES),
    };
  }
}

/** What goes out by itself, or is a colleague's, is nothing for her to do. */
function isHers(
  performedBy: Suggestion['performedBy'],
  memberId: MemberId,
  role: DigestReader['role'],
): boolean {
  return performedBy.memberId === null ? performedBy.role === role : performedBy.memberId === memberId;
}

function alertEntry({ alertId, title, message, validUntil }: Alert): DigestContent['alerts'][number] {
  return { title, message, validUntil, path: `/alerts/${encodeURIComponent(alertId)}` };
}
