import type { DigestEntries } from './digests.js';

/** What a digest tells, worded in the reader's language but for its times. */
export interface DigestContent {
  /** The best first. */
  suggestions: { headline: string; account: string | null; reasons: string[]; path: string }[];
  /** The most urgent first. */
  alerts: { title: string; message: string; validUntil: Date; path: string }[];
  moreAlerts: number;
  /** The earliest first. */
  tasks: DueEntry[];
  moreTasks: number;
  promises: DueEntry[];
  morePromises: number;
}

export interface DueEntry {
  about: string;
  account: string | null;
  /** Null: whenever. */
  dueAt: Date | null;
  overdue: boolean;
  /** Of the desk, such as `/tasks`. */
  path: string;
}

export function entriesOf({ suggestions, alerts, moreAlerts, ...due }: DigestContent): DigestEntries {
  return {
    suggestions: suggestions.length,
    alerts: alerts.length + moreAlerts,
    tasks: due.tasks.length + due.moreTasks,
    promises: due.promises.length + due.morePromises,
  };
}

/** Whether there is nothing to say. */
export function isEmptyDigest(content: DigestContent): boolean {
  return Object.values(entriesOf(content)).every((count) => count === 0);
}
