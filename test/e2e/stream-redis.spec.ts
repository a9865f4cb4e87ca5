import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountId } from '../../src/catalogue/index.js';
import { Outbox, OutboxRelay } from '../../src/delivery/index.js';
import { Transactions } from '../../src/shared/index.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { EventReader, eventually } from '../support/server-sent-events.js';
import { startTestService, type TestService } from '../support/service.js';

const redis: TestRedis | null = await startTestRedis();
const onRedis = redis ? describe : describe.skip;
if (!redis) process.stderr.write('No redis-server in PATH: the stream is not tried over Redis.\n');

onRedis('the live stream of several processes, over Redis', () => {
  let one: TestService;
  let other: TestService;
  let everybody: string;

  beforeAll(async () => {
    const config = { redisUrl: redis?.url ?? null };
    one = await startTestService({ config });
    other = await startTestService({ config, beside: one });
    everybody = (await one.key(['read'])).authorization;
  });
  afterAll(async () => {
    await other.close();
    await one.close();
    await redis?.close();
  });

  it('tells readers of one what another has published, at once and in order, and listens to no NOTIFY', async () => {
    const readers = await Promise.all(
      [one, other].map(({ url }) =>
        new EventReader(`${url}/api/v1/alerts/stream`, { authorization: everybody }).open(),
      ),
    );
    const begun = performance.now();
    for (let number = 0; number < 20; number += 1) {
      const teller = number % 2 === 0 ? one : other;
      const message = {
        messageId: `msg_${number}`,
        type: 'alert.raised',
        occurredAt: one.clock.now(),
        accountId: 'a' as AccountId,
        memberIds: [],
        data: { number },
        notAfter: null,
      } as const;
      await teller.app
        .get(Transactions)
        .run((within) => teller.app.get(Outbox, { strict: false }).put([message], within));
      await teller.app.get(OutboxRelay, { strict: false }).runDue(one.clock.now());
    }
    const all = Array.from({ length: 20 }, (_, number) => ({ number }));
    for (const reader of readers)
      await eventually(() => expect(reader.events.map(({ data }) => data)).toEqual(all));
    // looking without being rung takes five seconds
    expect(performance.now() - begun).toBeLessThan(4500);
    const listening = await one.database.query(
      `select 1 from pg_stat_activity where application_name = 'nba-listen' and datname = current_database()`,
    );
    expect(listening).toEqual([]);
    for (const reader of readers) await reader.close();
  });
});
