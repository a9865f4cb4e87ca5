import { join } from 'node:path';
import type { IncomingItem } from '../../events/index.js';
import { atLine } from '../failure.js';
import { type ImportPlan, person } from '../plan.js';
import { csvRows } from '../rows.fs.js';
import { articlesOf, retailCatalogue } from './catalogue.js';
import { countryOf, segmentOf } from './countries.js';
import { historyOf } from './history.js';
import { customerIdOf, londonTime, type OrderLine, readLine, retailColumns } from './lines.js';

const FILE = 'online_retail.csv.gz';

/**
 * Reads `online-retail/` under the data folder. `limit` keeps the first so many customers with all their orders.
 * Throws `UnreadableFile` naming file and line.
 */
export async function readOnlineRetail(
  dataDir: string,
  options: { limit?: number } = {},
): Promise<ImportPlan> {
  const { customers, leftOut } = await readCustomers(
    join(dataDir, 'online-retail', FILE),
    options.limit ?? Infinity,
  );
  const people = [...customers].map(([id, { country }]) =>
    person(id, {
      name: `Customer ${id}`,
      segment: segmentOf(country),
      region: country,
      ...countryOf(country),
    }),
  );
  const invoices = [...customers.values()].map(
    ({ lines }) => new Set(lines.map(({ invoice }) => invoice)).size,
  );
  return {
    name: 'online-retail',
    catalogue: retailCatalogue(articlesOf(linesOf(customers))),
    people: {
      accounts: people.map(({ account }) => account),
      contacts: people.map(({ contact }) => contact),
    },
    consents: [],
    events: { [Symbol.iterator]: () => allEvents(customers) },
    counts: {
      accounts: people.length,
      events: invoices.reduce((sum, count) => sum + count, 0),
      consents: 0,
      leftOut,
    },
  };
}

/** Also customers whose every line is left out are accounts. */
type Customers = Map<string, { country: string; lines: OrderLine[] }>;

async function readCustomers(
  path: string,
  limit: number,
): Promise<{ customers: Customers; leftOut: Record<string, number> }> {
  const customers: Customers = new Map();
  const leftOut: Record<string, number> = {};
  const times = new Set<string>();
  const leave = (reason: string): void => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  for await (const { line, fields } of csvRows(path, retailColumns)) {
    const read = atLine(FILE, line, () => {
      const orderLine = readLine(fields, line);
      if (typeof orderLine !== 'string' && !times.has(orderLine.date)) {
        londonTime(orderLine.date);
        times.add(orderLine.date);
      }
      return orderLine;
    });
    if (read === 'no customer') {
      leave(read);
      continue;
    }
    const id = atLine(FILE, line, () => customerIdOf(fields));
    let customer = customers.get(id);
    if (!customer && customers.size < limit) {
      customer = { country: fields.Country, lines: [] };
      customers.set(id, customer);
    }
    if (!customer) leave('customer beyond --limit');
    else if (typeof read === 'string') leave(read);
    else customer.lines.push(read);
  }
  return { customers, leftOut };
}

function* linesOf(customers: Customers): Generator<OrderLine> {
  for (const { lines } of customers.values()) yield* lines;
}

function* allEvents(customers: Customers): Generator<IncomingItem> {
  for (const { lines } of customers.values()) yield* historyOf(lines);
}
