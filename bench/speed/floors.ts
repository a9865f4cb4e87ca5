import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Pool } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Call, load } from './load.js';

/** Rows a second at which the same rows go into an empty table of the same columns and primary key by COPY. */
export async function copyFloor(pool: Pool, table: 'events' | 'decisions', rows: number): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('drop table if exists bench_copy');
    await client.query(`create table bench_copy (like ${table} including indexes)`);
    const chunks: Buffer[] = [];
    const out = client.query(copyTo(`copy (select * from ${table} limit ${rows}) to stdout (format binary)`));
    for await (const chunk of out) chunks.push(chunk as Buffer);
    await client.query('checkpoint');
    const begun = performance.now();
    await pipeline(chunks, client.query(copyFrom('copy bench_copy from stdin (format binary)')));
    const seconds = (performance.now() - begun) / 1000;
    const counted = await client.query<{ count: string }>('select count(*) from bench_copy');
    await client.query('drop table bench_copy');
    return Number(counted.rows[0]?.count ?? 0) / seconds;
  } finally {
    client.release();
  }
}

const PORT = 3972;
/** Calls before those that are measured, so that what is compiled while it runs is compiled: ours and the floor's. */
export const WARMING = 3_000;

/** Calls a second of the floor's route, for the same accounts over as many connections. */
export async function decisionFloor(
  databaseUrl: string,
  recordBytes: number,
  calls: readonly Call[],
  connections: number,
): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  await pool.query('drop table if exists bench_floor');
  await pool.query(
    'create table bench_floor (account_id text, at timestamptz, record bytea, primary key (account_id, at))',
  );
  await pool.end();
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'floor-server.js'), databaseUrl, String(PORT), String(recordBytes)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await new Promise<void>((ready, failed) => {
      server.stdout.once('data', () => ready());
      server.once('exit', (code) => failed(new Error(`the floor's server ended with code ${code}`)));
    });
    const floorCalls = calls.map((call) => ({ ...call, path: '/floor' }));
    const url = `http://127.0.0.1:${PORT}`;
    await load(url, '', connections, repeated(floorCalls, WARMING));
    const result = await load(url, '', connections, floorCalls);
    if (result.failures > 0) throw new Error(`${result.failures} calls of the floor failed`);
    return calls.length / result.seconds;
  } finally {
    server.removeAllListeners('exit');
    server.kill('SIGKILL');
  }
}

/** So many calls, over and over again. */
function repeated(calls: readonly Call[], count: number): Call[] {
  return Array.from({ length: count }, (_, index) => calls[index % calls.length] as Call);
}
