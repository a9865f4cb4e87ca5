import { availableParallelism } from 'node:os';
import { IANAZone } from 'luxon';

/** Every setting of the service. `config.ts` is the only reader of the environment. */
export interface Config {
  /** PostgreSQL to use; null: the service starts its own. */
  databaseUrl: string | null;
  /** Redis or Valkey for jobs, fan-out and rate limits; null: PostgreSQL and in-process. */
  redisUrl: string | null;
  /** Folder of the embedded database and local state; null: `.nba` in the clone. */
  home: string | null;
  /** Address to listen on. */
  host: string;
  /** TCP port, 0–65535; 0 takes a free one. */
  port: number;
  /** Seconds that requests under way have to be answered when the service stops, 0–600. */
  shutdownGraceSeconds: number;
  /** Where people reach the service from outside, without a path: for links and cookies; null: as it is called. */
  publicUrl: string | null;
  /** Where mail is handed over, smtp://user:password@host:port or smtps://; null: it is left as files under the home. */
  smtpUrl: string | null;
  /** Sender of mail, an address or `Name <address>`. */
  mailFrom: string;
  /** Signs the links in mails, at least 32 characters; null: the deployment makes one for itself. */
  linkSecret: string | null;
  /** Webhooks may go to private networks and to this machine: for receivers inside, and for tests. */
  webhookAllowPrivate: boolean;
  /** Seconds in which a receiver of a webhook must have answered whole, 0.1–60. */
  webhookTimeoutSeconds: number;
  /** Days for which alerts, and what fired, are kept, 1–3650. */
  alertDays: number;
  /** What this process does. */
  role: 'all' | 'api' | 'worker';
  /** IANA zone of the deployment: nightly run, and contacts without a zone of their own. */
  timeZone: string;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Public data sets for benchmarks and imports. */
  dataDir: string;
  /** ISO 4217 currency of values, costs and priorities. */
  currency: string;
  /** Cron expression of the nightly run, in `timeZone`; empty: off. */
  rescoringCron: string;
  /** Processes that work on a run, this one among them, 1–64: the others are started for the time of the run. */
  rescoringProcesses: number;
  /** Connections of this process to PostgreSQL, at least 2. */
  databasePool: number;
  /** Requests a minute that one key may make; ingestion has its own limit. */
  rateLimitPerMinute: number;
  /** Calls a minute that one write key may make to the ingestion routes. */
  ingestLimitPerMinute: number;
  /** Days for which slots are planned, today the first: 1 (today only) to 14. */
  slotDays: number;
  /** Salt of holdout and experiment hashes: change it and everybody is drawn anew. */
  salt: string;
  /** Share of accounts served the baseline rules, 0–0.5. */
  holdoutShare: number;
  /** Exploration: squarecb or greedy. */
  exploration: 'squarecb' | 'greedy';
  /** Inverse-gap weighting's gamma, above 0; the larger, the less is explored. */
  explorationGamma: number;
  /** Share of fresh decisions that a model in shadow decides beside the champion, 0–1. */
  shadowShare: number;
  /** The same share of the decisions of a nightly run, 0–1: small, since a run wants all of the machine. */
  shadowNightlyShare: number;
  /** TensorFlow.js backend; auto tries the native library, then WASM. */
  tensorflow: 'auto' | 'node' | 'wasm' | 'cpu';
}

/** All that is wrong with the environment, in one error. */
export class ConfigInvalid extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;
type Read<Value> = (text: string | undefined) => Value;

class Problem extends Error {}

const text =
  (fallback: string): Read<string> =>
  (value) =>
    value ?? fallback;
const optional: Read<string | null> = (value) => value ?? null;

function url(...protocols: string[]): Read<string | null> {
  return (value) => {
    if (value === undefined) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new Problem(
        `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      );
    }
    return value;
  };
}

function number(fallback: number, low: number, high: number, whole = false): Read<number> {
  return (value) => {
    if (value === undefined) return fallback;
    const parsed = Number(value);
    if (
      value.trim() === '' ||
      !Number.isFinite(parsed) ||
      parsed < low ||
      parsed > high ||
      (whole && !Number.isInteger(parsed))
    ) {
      throw new Problem(`must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}, not "${value}"`);
    }
    return parsed;
  };
}

function oneOf<const Choice extends string>(
  fallback: NoInfer<Choice>,
  choices: readonly Choice[],
): Read<Choice> {
  return (value) => {
    const choice = choices.find((known) => known === (value ?? fallback));
    if (choice === undefined) throw new Problem(`must be one of ${choices.join(', ')}, not "${value}"`);
    return choice;
  };
}

const flag: Read<boolean> = (value) => {
  if (value !== undefined && value !== 'true' && value !== 'false')
    throw new Problem(`must be true or false, not "${value}"`);
  return value === 'true';
};

const zone: Read<string> = (value) => {
  const name = value ?? 'UTC';
  if (!IANAZone.isValidZone(name))
    throw new Problem(`must be an IANA time zone such as Europe/Berlin, not "${name}"`);
  return name;
};

const currency: Read<string> = (value) => {
  if (value !== undefined && !/^[A-Z]{3}$/.test(value))
    throw new Problem(`must be an ISO 4217 code such as EUR, not "${value}"`);
  return value ?? 'EUR';
};

const mailFrom: Read<string> = (value) => {
  if (value !== undefined && !/^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(value))
    throw new Problem(`must be an address or "Name <address>", not "${value}"`);
  return value ?? 'Next best action <nba@localhost>';
};

const SHORTEST_SECRET = 32;

const secret: Read<string | null> = (value) => {
  if (value !== undefined && value.length < SHORTEST_SECRET)
    throw new Problem(`must have at least ${SHORTEST_SECRET} characters`);
  return value ?? null;
};

/** A quarter of the cores is the database's; each process takes memory of its own. */
const MOST_PROCESSES_UNASKED = 4;
const processesForCores = (cores: number): number =>
  Math.min(MOST_PROCESSES_UNASKED, Math.ceil(0.75 * cores));

/** Environment variable and reader of each setting. */
export const settings: { [Key in keyof Config]: { variable: string; read: Read<Config[Key]> } } = {
  databaseUrl: { variable: 'DATABASE_URL', read: url('postgres:', 'postgresql:') },
  redisUrl: { variable: 'REDIS_URL', read: url('redis:', 'rediss:') },
  home: { variable: 'NBA_HOME', read: optional },
  host: { variable: 'NBA_HOST', read: text('127.0.0.1') },
  port: { variable: 'NBA_PORT', read: number(3000, 0, 65_535, true) },
  shutdownGraceSeconds: { variable: 'NBA_SHUTDOWN_GRACE', read: number(5, 0, 600) },
  publicUrl: { variable: 'NBA_PUBLIC_URL', read: url('http:', 'https:') },
  smtpUrl: { variable: 'NBA_SMTP_URL', read: url('smtp:', 'smtps:') },
  mailFrom: { variable: 'NBA_MAIL_FROM', read: mailFrom },
  linkSecret: { variable: 'NBA_LINK_SECRET', read: secret },
  webhookAllowPrivate: { variable: 'NBA_WEBHOOK_ALLOW_PRIVATE', read: flag },
  webhookTimeoutSeconds: { variable: 'NBA_WEBHOOK_TIMEOUT', read: number(20, 0.1, 60) },
  alertDays: { variable: 'NBA_ALERT_DAYS', read: number(365, 1, 3650, true) },
  role: { variable: 'NBA_ROLE', read: oneOf('all', ['all', 'api', 'worker']) },
  timeZone: { variable: 'NBA_TIME_ZONE', read: zone },
  logLevel: {
    variable: 'NBA_LOG_LEVEL',
    read: oneOf('info', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  },
  dataDir: { variable: 'NBA_DATA_DIR', read: text('../shared/data') },
  currency: { variable: 'NBA_CURRENCY', read: currency },
  rescoringCron: { variable: 'NBA_RESCORING_CRON', read: text('0 2 * * *') },
  rescoringProcesses: {
    variable: 'NBA_RESCORING_PROCESSES',
    read: number(processesForCores(availableParallelism()), 1, 64, true),
  },
  databasePool: { variable: 'NBA_DATABASE_POOL', read: number(12, 2, 500, true) },
  rateLimitPerMinute: { variable: 'NBA_RATE_LIMIT', read: number(6000, 1, 10_000_000, true) },
  ingestLimitPerMinute: { variable: 'NBA_INGEST_LIMIT', read: number(60_000, 1, 10_000_000, true) },
  slotDays: { variable: 'NBA_SLOT_DAYS', read: number(14, 1, 14, true) },
  salt: { variable: 'NBA_SALT', read: text('nba') },
  holdoutShare: { variable: 'NBA_HOLDOUT_SHARE', read: number(0.05, 0, 0.5) },
  exploration: { variable: 'NBA_EXPLORATION', read: oneOf('squarecb', ['squarecb', 'greedy']) },
  explorationGamma: { variable: 'NBA_EXPLORATION_GAMMA', read: number(40, 0.001, 1_000_000) },
  shadowShare: { variable: 'NBA_SHADOW_SHARE', read: number(1, 0, 1) },
  shadowNightlyShare: { variable: 'NBA_SHADOW_NIGHTLY_SHARE', read: number(0.02, 0, 1) },
  tensorflow: { variable: 'NBA_TENSORFLOW', read: oneOf('auto', ['auto', 'node', 'wasm', 'cpu']) },
};

/** Reads and checks every setting. Empty variables count as unset. Throws `ConfigInvalid` with all problems at once. */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const entries = Object.entries(settings).map(([key, { variable, read }]) => {
    try {
      return [key, (read as Read<unknown>)(environment[variable] || undefined)];
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      problems.push(`${variable} ${cause.message}`);
      return [key, undefined];
    }
  });
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return Object.fromEntries(entries) as Config;
}

/** Injection token of the configuration. */
export const CONFIG = Symbol('Config');
