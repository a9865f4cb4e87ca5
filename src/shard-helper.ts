import { once } from 'node:events';
import type { Config } from './config.js';
import { END } from './jobs/index.js';
import { workOnShards } from './main.js';

/** The program of a process that a service starts beside itself for the time of a run, and that lives no longer than it. */
let stop: (() => Promise<void>) | undefined;

/** What is under way is finished; while it starts, nothing is. */
function end(): void {
  if (!stop) process.exit(0);
  stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

// Ctrl-C reaches the whole group of processes: whoever started this one says when it ends.
process.on('SIGINT', () => undefined);
process.once('SIGTERM', end);
process.once('disconnect', () => process.exit(1));
process.on('message', (message) => message === END && end());
const [config] = (await once(process, 'message')) as [Config];
// who was left while the program was being loaded heard nothing of it
if (!process.connected) process.exit(1);
stop = await workOnShards(config);
