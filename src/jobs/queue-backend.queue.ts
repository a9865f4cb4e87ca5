import {
  createPostgresBackend,
  Queue as RedisQueue,
  runMigrations,
  UnrecoverableError,
  withBackend,
  Worker as RedisWorker,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { SECOND } from '../shared/index.js';

const SCHEMA = 'bullmq';
/** Connections that all queues and workers of a process share; each worker also listens on one. */
const CONNECTIONS = 6;
/** A killed worker's job is given to another after about this long. */
const LOCK_MILLISECONDS = 5 * SECOND;
const STALLED_CHECK_MILLISECONDS = SECOND;
/** A job that kills its worker this often is given up. */
const MAX_STALLS = 5;
const ATTEMPTS = 5;

export interface QueuedJob<Data> {
  /** A job whose id waits already is not added again; no colon in it. */
  id: string;
  data: Data;
}

export interface JobQueue<Data> {
  add(jobs: readonly QueuedJob<Data>[]): Promise<void>;
  close(): Promise<void>;
}

export interface JobWorker {
  close(): Promise<void>;
}

export interface WorkerSettings<Data> {
  concurrency: number;
  work: (data: Data) => Promise<void>;
  /** The job failed after its last attempt. */
  gaveUp: (data: Data, cause: Error) => void;
  /** Something of the queue itself failed; it goes on by itself. */
  troubled: (cause: Error) => void;
}

/** Makes queues and workers on PostgreSQL, or on Redis when there is one. */
export interface QueueBackend {
  queue<Data>(name: string): JobQueue<Data>;
  worker<Data>(name: string, settings: WorkerSettings<Data>): Promise<JobWorker>;
  /** After its queues and workers. */
  close(): Promise<void>;
}

interface Connected {
  queue<Data>(name: string): JobQueue<Data>;
  worker<Data>(name: string, settings: WorkerSettings<Data>): JobWorker;
  close(): Promise<void>;
}

export interface QueueOptions {
  databaseUrl: string;
  /** Null: on PostgreSQL. */
  redisUrl: string | null;
  /** A second unless a test is in a hurry; doubled at each try. */
  firstRetryMilliseconds?: number;
}

/** Connects at the first job or worker: most commands have neither. */
export function queueBackend(options: QueueOptions): QueueBackend {
  const { databaseUrl, redisUrl, firstRetryMilliseconds = SECOND } = options;
  const connection = once(async () =>
    redisUrl === null
      ? onPostgres(databaseUrl, firstRetryMilliseconds)
      : onRedis(redisUrl, firstRetryMilliseconds),
  );
  return {
    queue: <Data>(name: string): JobQueue<Data> => {
      const queue = once(async () => (await connection.get()).queue<Data>(name));
      return {
        add: async (jobs) => (await queue.get()).add(jobs),
        close: async () => (await queue.peek())?.close(),
      };
    },
    worker: async (name, settings) => (await connection.get()).worker(name, settings),
    close: async () => (await connection.peek())?.close(),
  };
}

interface Once<Value> {
  get(): Promise<Value>;
  /** Undefined when nobody has asked for it, or when it could not be made. */
  peek(): Promise<Value | undefined>;
}

/** Makes something when it is first asked for; a failure is tried again by the next who asks. */
function once<Value>(make: () => Promise<Value>): Once<Value> {
  let made: Promise<Value> | undefined;
  const get = (): Promise<Value> => {
    made ??= make().catch((cause: unknown) => {
      made = undefined;
      throw cause;
    });
    return made;
  };
  return { get, peek: async () => made?.catch(() => undefined) };
}

const jobOptions = (id: string, delay: number) => ({
  jobId: id,
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay },
  removeOnComplete: true,
  removeOnFail: true,
});

const timing = {
  lockDuration: LOCK_MILLISECONDS,
  stalledInterval: STALLED_CHECK_MILLISECONDS,
  maxStalledCount: MAX_STALLS,
};

interface BulkQueue<Data> {
  addBulk(jobs: { name: string; data: Data; opts: ReturnType<typeof jobOptions> }[]): Promise<unknown>;
  on(event: 'error', listener: (cause: Error) => void): unknown;
  close(): Promise<void>;
}

function asJobQueue<Data>(name: string, queue: BulkQueue<Data>, retryDelay: number): JobQueue<Data> {
  // Whoever adds a job is told of a failure; a connection lost in between is made anew.
  queue.on('error', () => undefined);
  return {
    add: async (jobs) => {
      await queue.addBulk(jobs.map(({ id, data }) => ({ name, data, opts: jobOptions(id, retryDelay) })));
    },
    close: () => queue.close(),
  };
}

interface FailedJob<Data> {
  data: Data;
  attemptsMade: number;
}

const failed =
  <Data>({ gaveUp }: WorkerSettings<Data>) =>
  (job: FailedJob<Data> | undefined, cause: Error): void => {
    const final = cause instanceof UnrecoverableError || (job?.attemptsMade ?? 0) >= ATTEMPTS;
    if (job && final) gaveUp(job.data, cause);
  };

async function onPostgres(databaseUrl: string, retryDelay: number): Promise<Connected> {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const pool = new Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    options: `-c search_path=${SCHEMA}`,
    application_name: 'nba-jobs',
  });
  // An idle connection that the server ended: the pool makes a new one at the next use.
  pool.on('error', () => undefined);
  try {
    const client = await pool.connect();
    await runMigrations(client, SCHEMA).finally(() => client.release());
  } catch (cause) {
    await pool.end();
    throw cause;
  }
  return {
    queue: <Data>(name: string) => {
      const queue = new Queue<Data, void>(name, { connection: pool });
      return asJobQueue<Data>(name, queue as BulkQueue<Data>, retryDelay);
    },
    worker: <Data>(name: string, settings: WorkerSettings<Data>) => {
      const worker = new Worker<Data, void>(name, (job) => settings.work(job.data), {
        connection: pool,
        concurrency: settings.concurrency,
        ...timing,
      });
      worker.on('failed', failed(settings));
      worker.on('error', settings.troubled);
      return worker;
    },
    close: () => pool.end(),
  };
}

function onRedis(redisUrl: string, retryDelay: number): Connected {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  // It connects again by itself; workers say so.
  connection.on('error', () => undefined);
  return {
    queue: <Data>(name: string) => {
      const queue = new RedisQueue<Data, void>(name, { connection });
      return asJobQueue<Data>(name, queue as BulkQueue<Data>, retryDelay);
    },
    worker: <Data>(name: string, settings: WorkerSettings<Data>) => {
      const worker = new RedisWorker<Data, void>(name, (job) => settings.work(job.data), {
        connection,
        concurrency: settings.concurrency,
        ...timing,
      });
      worker.on('failed', failed(settings));
      worker.on('error', settings.troubled);
      return worker;
    },
    close: async () => {
      await connection.quit();
    },
  };
}
