import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface TestRedis {
  url: string;
  close(): Promise<void>;
}

const PATIENCE_MILLISECONDS = 10_000;

/** A Redis of the suite's own, from the `redis-server` in PATH; null when there is none. */
export async function startTestRedis(): Promise<TestRedis | null> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'nba-redis-'));
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    {
      stdio: 'ignore',
    },
  );
  const started = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ]).catch(() => false);
  if (!started) {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  const url = `redis://127.0.0.1:${port}`;
  await answers(url);
  const close = async (): Promise<void> => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, close };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  const pong = await Promise.race([client.ping(), delay(PATIENCE_MILLISECONDS, null, { ref: false })]);
  client.disconnect();
  if (pong !== 'PONG') throw new Error(`redis-server does not answer at ${url}`);
}
