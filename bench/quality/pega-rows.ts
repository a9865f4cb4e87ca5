import type { IncomingItem } from '../../src/events/index.js';
import type { Dataset } from '../../src/learning/index.js';

/** One row of the interaction history that is a contact, as the importer understood it. */
export interface LoggedContact {
  messageId: string;
  accountId: string;
  at: number;
  actionId: string;
  channel: string;
  treatmentId: string | null;
  propensity: number;
  positive: boolean;
}

export function loggedContacts(events: Iterable<IncomingItem>): LoggedContact[] {
  const contacts = new Map<string, LoggedContact>();
  for (const item of events) {
    if (item.kind !== 'event') continue;
    const { properties } = item;
    const touchId = String(properties['touchId']);
    if (item.name === 'Message Sent') {
      contacts.set(touchId, {
        messageId: touchId,
        accountId: String(item.accountId),
        at: item.occurredAt.getTime(),
        actionId: String(properties['actionId']),
        channel: String(properties['channel']),
        treatmentId: typeof properties['treatmentId'] === 'string' ? properties['treatmentId'] : null,
        propensity: Number(properties['loggedPropensity']),
        positive: false,
      });
    } else if (item.name === 'Response Positive') {
      const contact = contacts.get(touchId);
      if (contact) contact.positive = true;
    }
  }
  return [...contacts.values()].sort(inOrder);
}

function inOrder(a: LoggedContact, b: LoggedContact): number {
  return a.at - b.at || (a.messageId < b.messageId ? -1 : 1);
}

export interface Border {
  /** Instant of the first test row. */
  at: Date;
  test: ReadonlySet<LoggedContact>;
  rowsAtBorder: number;
  /** Training rows at the border instant: a model trained until that instant has not seen them. */
  trainedByOthersOnly: number;
}

/** The rows after the first `trainShare` of them, in the order given. */
export function borderOf(contacts: readonly LoggedContact[], trainShare: number): Border {
  const cut = Math.floor(contacts.length * trainShare);
  const first = contacts[cut];
  if (!first) throw new Error('there are no test rows');
  return {
    at: new Date(first.at),
    test: new Set(contacts.slice(cut)),
    rowsAtBorder: contacts.filter(({ at }) => at === first.at).length,
    trainedByOthersOnly: contacts.slice(0, cut).filter(({ at }) => at === first.at).length,
  };
}

/**
 * The contact behind each row of a dataset of the whole history, from the messages in the order in which the dataset was
 * made. Throws unless time, action, channel and outcome of every row agree.
 */
export function alignRows(
  dataset: Dataset,
  contacts: readonly LoggedContact[],
  messageIds: readonly string[],
): LoggedContact[] {
  if (dataset.rows !== contacts.length || dataset.rows !== messageIds.length)
    throw new Error(`the dataset has ${dataset.rows} rows, the log ${contacts.length} contacts`);
  const byMessage = new Map(contacts.map((contact) => [contact.messageId, contact]));
  return messageIds.map((messageId, row) => {
    const contact = byMessage.get(messageId);
    const profile = dataset.profiles[dataset.profile[row] ?? -1];
    const agrees =
      contact !== undefined &&
      dataset.at[row] === contact.at &&
      profile?.actionId === contact.actionId &&
      profile.channelId === contact.channel &&
      dataset.labels[row * dataset.heads.length] === (contact.positive ? 1 : 0);
    if (!agrees) throw new Error(`row ${row} of the dataset is not ${messageId}`);
    return contact;
  });
}

/** Mean outcome of each cell of the training rows, drawn towards the base rate by so many rows of it. */
export function smoothedMeans(
  train: readonly LoggedContact[],
  cellOf: (contact: LoggedContact) => string,
  rowsAtBaseRate: number,
): (contact: LoggedContact) => number {
  const base = train.filter(({ positive }) => positive).length / train.length;
  const cells = new Map<string, { rows: number; positives: number }>();
  for (const contact of train) {
    const cell = cells.get(cellOf(contact)) ?? { rows: 0, positives: 0 };
    cell.rows += 1;
    if (contact.positive) cell.positives += 1;
    cells.set(cellOf(contact), cell);
  }
  return (contact) => {
    const { rows, positives } = cells.get(cellOf(contact)) ?? { rows: 0, positives: 0 };
    const weight = rows + rowsAtBaseRate;
    return weight === 0 ? base : (positives + base * rowsAtBaseRate) / weight;
  };
}
