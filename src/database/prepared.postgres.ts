import type { ClientBase, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * A statement under a name of its own: another text needs another name.
 *
 * The database plans it anew for every call as long as it expects a plan for the given values to be cheaper than one for
 * any. Where rows are found by key that takes longer than to run, and what seems cheaper is only a shorter list. A
 * statement that reads its parameters from `with asked as materialized (select $1 …)`, or as `(select $1 …)`, looks alike
 * for all values: it is planned a few times for a connection, and then no more.
 */
export interface Prepared {
  name: string;
  text: string;
  /**
   * One plan serves all values from the first call on. For large statements, whose costs on growing tables hide what
   * planning adds. Inside a transaction it then holds for what follows there too.
   */
  onePlan?: boolean;
}

/**
 * Runs a statement that each connection parses once. Inside a transaction give its manager. Outside of one, those that
 * are asked for at the same moment share a connection and go out together: waking a connection costs more than a brief
 * statement takes. What takes long does not belong among them.
 */
export async function prepared<Row extends QueryResultRow>(
  over: DataSource | EntityManager,
  statement: Prepared,
  values: unknown[],
): Promise<Row[]> {
  if (over instanceof DataSource) return boarded<Row>(over, { statement, values });
  if (!over.queryRunner) throw new Error(`"${statement.name}" is run outside of its transaction`);
  const client = (await over.queryRunner.connect()) as ClientBase;
  if (statement.onePlan) await client.query('set local plan_cache_mode = force_generic_plan');
  return (await client.query<Row>({ ...named(statement), values })).rows;
}

const named = ({ name, text }: Prepared): { name: string; text: string } => ({ name, text });

interface Asked {
  statement: Prepared;
  values: unknown[];
}

interface Boarded extends Asked {
  answer: (rows: QueryResultRow[]) => void;
  fail: (cause: unknown) => void;
}

/** What was asked for since the program last turned to its input. */
const boarding = new WeakMap<DataSource, Boarded[]>();

function boarded<Row extends QueryResultRow>(database: DataSource, asked: Asked): Promise<Row[]> {
  return new Promise((answer, fail) => {
    const one: Boarded = { ...asked, answer: (rows) => answer(rows as Row[]), fail };
    const others = boarding.get(database);
    if (others) return others.push(one);
    boarding.set(database, [one]);
    setImmediate(() => {
      const aboard = boarding.get(database) ?? [];
      boarding.delete(database);
      void depart(database, aboard);
    });
  });
}

async function depart(database: DataSource, aboard: readonly Boarded[]): Promise<void> {
  const runner = database.createQueryRunner();
  try {
    await inOneFlight((await runner.connect()) as Pipelining, aboard);
  } catch (cause) {
    for (const { fail } of aboard) fail(cause);
  } finally {
    await runner.release();
  }
}

/** A client whose socket can gather what is written. */
type Pipelining = ClientBase & { connection: { stream: { cork(): void; uncork(): void } } };

/** Each is a transaction of its own: where one fails, the others are answered all the same. */
async function inOneFlight(client: Pipelining, aboard: readonly Boarded[]): Promise<void> {
  const asked: Promise<unknown>[] = [];
  const send = ({ statement, values, answer, fail }: Boarded): void =>
    void asked.push(client.query({ ...named(statement), values }).then(({ rows }) => answer(rows), fail));
  const onePlan = aboard.filter(({ statement }) => statement.onePlan);
  const { stream } = client.connection;
  stream.cork();
  if (onePlan.length > 0) asked.push(client.query('set plan_cache_mode = force_generic_plan'));
  onePlan.forEach(send);
  if (onePlan.length > 0) asked.push(client.query('set plan_cache_mode = auto'));
  aboard.filter(({ statement }) => !statement.onePlan).forEach(send);
  stream.uncork();
  // All of them: until then nothing else may use the connection.
  await Promise.allSettled(asked);
}
