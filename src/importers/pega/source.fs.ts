import { join } from 'node:path';
import type { IncomingItem } from '../../events/index.js';
import { atLine } from '../failure.js';
import { importedGrant, type ImportPlan, person, type PlannedConsent } from '../plan.js';
import { csvRows } from '../rows.fs.js';
import { pegaCatalogue } from './catalogue.js';
import { historyOf } from './history.js';
import { type Contacted, pegaColumns, readContact } from './rows.js';

const FILE = 'interaction_history.csv.gz';

/**
 * Reads `pega-interaction-history/` under the data folder. `limit` keeps the first so many customers with their whole
 * history. Throws `UnreadableFile` naming file and line.
 */
export async function readPega(dataDir: string, options: { limit?: number } = {}): Promise<ImportPlan> {
  const { customers, withoutChannel, beyondLimit } = await readCustomers(
    join(dataDir, 'pega-interaction-history', FILE),
    options.limit ?? Infinity,
  );
  const people = [...customers.keys()].map((id) => person(id, { name: id.replace('-', ' ') }));
  const consents = [...customers.values()].flatMap(grantOf);
  const contacts = [...customers.values()].flat();
  const responses = contacts.filter(({ response }) => response !== null).length;
  return {
    name: 'pega',
    catalogue: pegaCatalogue(contacts),
    people: {
      accounts: people.map(({ account }) => account),
      contacts: people.map(({ contact }) => contact),
    },
    consents,
    events: { [Symbol.iterator]: () => allEvents(customers) },
    counts: {
      accounts: people.length,
      events: contacts.length + responses,
      consents: consents.length,
      leftOut: {
        'rows without channel, which are no contacts': withoutChannel,
        ...(beyondLimit > 0 && { 'rows of customers beyond --limit': beyondLimit }),
      },
    },
  };
}

type Customers = Map<string, Contacted[]>;

async function readCustomers(
  path: string,
  limit: number,
): Promise<{ customers: Customers; withoutChannel: number; beyondLimit: number }> {
  const customers: Customers = new Map();
  let withoutChannel = 0;
  let beyondLimit = 0;
  for await (const { line, fields } of csvRows(path, pegaColumns)) {
    const contact = atLine(FILE, line, () => readContact(fields, line));
    if (contact === null) {
      withoutChannel += 1;
      continue;
    }
    const history = customers.get(contact.customerId);
    if (history) history.push(contact);
    else if (customers.size < limit) customers.set(contact.customerId, [contact]);
    else beyondLimit += 1;
  }
  return { customers, withoutChannel, beyondLimit };
}

function* allEvents(customers: Customers): Generator<IncomingItem> {
  for (const contacts of customers.values()) yield* historyOf(contacts);
}

/** Whoever was sent an SMS had agreed to it. */
function grantOf(contacts: readonly Contacted[]): PlannedConsent[] {
  const times = contacts.filter(({ channelId }) => channelId === 'sms').map(({ outcomeAt }) => outcomeAt);
  const [first] = times.sort((a, b) => a.getTime() - b.getTime());
  const id = contacts[0]?.customerId;
  return first && id ? [importedGrant(id, 'sms', first)] : [];
}
