import {
  type AlertBook,
  type AlertId,
  type AlertPeople,
  type AlertSettings,
  heldUntil,
  type Told,
  URGENT_PRIORITY,
} from '../alerts/index.js';
import { type ContactRules, hiddenFrom, isHidden } from '../contact-policy/index.js';
import { PushCheck, type PushVerdict, type RingingNote } from '../delivery/index.js';
import type { TaskBook, TaskId } from '../suggestions/index.js';

export interface RingIfWantedParts {
  alerts: AlertBook;
  tasks: TaskBook;
  people: AlertPeople;
  rules: ContactRules;
  settings: AlertSettings;
}

/** A task has no priority: it never rings at night. */
const NOT_URGENT = URGENT_PRIORITY - 1;

/**
 * What somebody has taken meanwhile rings nowhere; neither does what the member may not see (any more). In her own night
 * nothing rings unless it is urgent.
 */
export class RingIfWanted extends PushCheck {
  constructor(private readonly parts: RingIfWantedParts) {
    super();
  }

  async check(note: RingingNote, at: Date): Promise<PushVerdict> {
    if (note.kind === 'test') return { ring: true };
    const member = (await this.parts.people.members([note.memberId])).get(note.memberId);
    if (!member) return { ring: false, because: 'there is no such member any more' };
    return note.kind === 'alert' ? this.alert(note, member, at) : this.task(note, member, at);
  }

  private async alert({ subjectId }: RingingNote, member: Told, at: Date): Promise<PushVerdict> {
    const { alerts, rules } = this.parts;
    const alert = await alerts.find(subjectId as AlertId, at);
    if (!alert) return { ring: false, because: 'the alert is gone' };
    if (alert.state !== 'open') return { ring: false, because: `the alert is ${alert.state}` };
    if (isHidden(hiddenFrom(await rules.current(), member.role), alert.topics, alert.enquiry))
      return { ring: false, because: 'it is about a topic that is hidden from her role' };
    return this.byNight(member, alert.priority, at);
  }

  private async task({ subjectId }: RingingNote, member: Told, at: Date): Promise<PushVerdict> {
    const { tasks, rules } = this.parts;
    const task = await tasks.find(subjectId as TaskId);
    if (!task) return { ring: false, because: 'the task is gone' };
    if (task.state !== 'open') return { ring: false, because: `the task is ${task.state}` };
    if (task.memberId !== null && task.memberId !== member.memberId)
      return { ring: false, because: 'the task is somebody else’s now' };
    if (task.createdBy === member.memberId) return { ring: false, because: 'she made the task herself' };
    if (task.memberId === null && isHidden(hiddenFrom(await rules.current(), member.role), task.topics, true))
      return { ring: false, because: 'it is about a topic that is hidden from her role' };
    return this.byNight(member, NOT_URGENT, at);
  }

  private byNight({ timeZone }: Told, priority: number, at: Date): PushVerdict {
    const until = heldUntil(at, timeZone, priority, this.parts.settings);
    return until === null ? { ring: true } : { ring: 'later', until };
  }
}
