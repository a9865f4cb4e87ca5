import { readdirSync, readFileSync } from 'node:fs';
import type { BenchService } from './service.js';

/** CPU time of the service's processes and of its database's: seconds, or milliseconds an item. */
export interface CpuTime {
  service: number;
  database: number;
}

type Pids = Pick<BenchService, 'pid' | 'databasePid'>;

interface Process {
  pid: number;
  parent: number;
  /** Own time, and with it that of children which have ended. */
  seconds: number;
}

const TICKS_PER_SECOND = 100;

/** Seconds of CPU used so far (Linux). */
export function cpuTime({ pid, databasePid }: Pids): CpuTime {
  const time: CpuTime = { service: 0, database: 0 };
  for (const one of running()) {
    if (one.pid === pid || one.parent === pid) time.service += one.seconds;
    else if (one.pid === databasePid || one.parent === databasePid) time.database += one.seconds;
  }
  return time;
}

/** The processes that the service has started beside itself and that run. */
export function helpersOf({ pid }: Pids): number[] {
  return running()
    .filter(({ parent }) => parent === pid)
    .map((helper) => helper.pid);
}

/** Milliseconds of CPU since `before`, for each of so many items. */
export function cpuEach(pids: Pids, before: CpuTime, items: number): CpuTime {
  const now = cpuTime(pids);
  const each = (seconds: number): number => Number(((seconds * 1000) / items).toFixed(3));
  return { service: each(now.service - before.service), database: each(now.database - before.database) };
}

/** As /proc tells it: after the name in parentheses state, parent, …, and as the 12th to 15th the times in ticks. */
function running(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(name);
      if (stat === null) return [];
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const ticks = [11, 12, 13, 14].reduce((sum, place) => sum + (fields[place] ?? 0), 0);
      return [{ pid: Number(name), parent: fields[1] ?? 0, seconds: ticks / TICKS_PER_SECOND }];
    });
}

/** Null: the process has ended meanwhile. */
function readStat(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
}
