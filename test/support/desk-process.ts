import { SignInLinks } from '../../src/access/index.js';
import { signInUrl } from '../../src/main.js';
import { startDrJones } from './dr-jones.js';
import { startTestService } from './service.js';

/** What a test asks of the process; each is answered when it is done. */
export type DeskOrder =
  | { advance: number }
  | { event: { name: string; properties: object } }
  | { put: { path: string; body: object } }
  | { stop: true };

/** The first thing that the process says. */
export interface DeskReady {
  url: string;
  /** Signs Mia in, once. */
  link: string;
  now: string;
}

/**
 * The service with its desk as a process of its own, on a database of the test's server and a clock that the test moves:
 * the desk's files cannot be served under Jest. Begins with the story of Dr. Jones.
 */
const service = await startTestService({ config: { role: 'all', exploration: 'greedy' }, pages: true });
const territory = await startDrJones(service);
await territory.recommend({ limit: 10 });

async function obey(order: DeskOrder): Promise<void> {
  if ('advance' in order) service.clock.advance(order.advance);
  if ('event' in order) await territory.event(order.event.name, order.event.properties);
  if ('put' in order) await territory.put(order.put.path, order.put.body);
  if ('stop' in order) await service.close();
}

process.on('message', (order: DeskOrder) => {
  obey(order).then(
    () => process.send?.({ now: service.clock.now().toISOString() }),
    (cause: unknown) => process.send?.({ problem: String(cause) }),
  );
});
const token = await service.app.get(SignInLinks, { strict: false }).create('mia', 'test');
const ready: DeskReady = {
  url: service.url,
  link: signInUrl(service.url, token),
  now: service.clock.now().toISOString(),
};
process.send?.(ready);
