import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Rescoring, RescoringRuns, ended, type Run } from '../../src/rescoring/index.js';
import { HOUR } from '../../src/shared/index.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

const CHANNELS = { email: 'opt-in', visit: 'opt-out', 'liaison-call': 'opt-out' } as const;
const RUNS = 25;
const MOST_STEPS = 10;
const TIME_LIMIT_MILLISECONDS = 20_000;

interface Fact {
  contact: 'ana' | 'ben';
  channel: keyof typeof CHANNELS | '*';
  purpose: 'marketing' | 'sales' | 'medical' | '*';
  status: 'granted' | 'withdrawn';
  /** Hours until it lapses; null: never. */
  hours: number | null;
}

type Command =
  | ({ kind: 'consent' } & Fact)
  | { kind: 'decide'; limit: number; need: string | null }
  | { kind: 'accept' }
  | { kind: 'wait'; hours: number }
  | { kind: 'start' | 'compute' | 'publish' };

const fact = fc.record({
  contact: fc.constantFrom('ana', 'ben'),
  channel: fc.constantFrom('email', 'email', 'visit', 'liaison-call', '*'),
  purpose: fc.constantFrom('marketing', 'sales', 'medical', '*'),
  status: fc.constantFrom('granted', 'granted', 'withdrawn'),
  hours: fc.option(fc.integer({ min: 1, max: 60 }), { freq: 4 }),
}) as fc.Arbitrary<Fact>;

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fact.map((one) => ({ kind: 'consent' as const, ...one })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      limit: fc.integer({ min: 1, max: 6 }),
      need: fc.option(fc.constantFrom('dosage', 'side-effects'), { freq: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'start' as const }, { kind: 'accept' as const }) },
  { weight: 5, arbitrary: fc.constantFrom({ kind: 'compute' as const }, { kind: 'publish' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
);
/** What happens at the same time. */
const step = fc.array(command, { minLength: 1, maxLength: 3 });

const says = (status: Fact['status'], channel: Fact['channel']): Command => ({
  kind: 'consent',
  contact: 'ana',
  channel,
  purpose: '*',
  status,
  hours: null,
});
const decides: Command = { kind: 'decide', limit: 6, need: null };

/** Tried first, so that what chance must not leave out happens however few runs the machine finds time for. */
const surely: Command[][][] = [
  [[says('granted', 'email')], [decides], [says('withdrawn', 'email')], [decides]],
  [
    [says('granted', '*')],
    [decides],
    [{ kind: 'compute' }],
    [says('withdrawn', '*'), { kind: 'publish' }],
    [decides],
  ],
];

interface Recorded extends Omit<Fact, 'hours'> {
  at: number;
  until: number;
}

/** The rule of consent, written down again from its definition: who may be touched, on which channel, what for. */
function allows(facts: readonly Recorded[], channel: string, purpose: string, now: number): boolean {
  const covers = (one: Recorded) =>
    [channel, '*'].includes(one.channel) &&
    [purpose, '*'].includes(one.purpose) &&
    one.at <= now &&
    now < one.until;
  const asSpecific = (grant: Recorded, no: Recorded) =>
    (grant.channel !== '*' || no.channel === '*') && (grant.purpose !== '*' || no.purpose === '*');
  const covering = facts.filter(covers);
  const grants = covering.filter(({ status }) => status === 'granted');
  const lifted = (no: Recorded) => grants.some((grant) => grant.at > no.at && asSpecific(grant, no));
  const optIn = CHANNELS[channel as keyof typeof CHANNELS] === 'opt-in';
  return (
    covering.filter(({ status }) => status === 'withdrawn').every(lifted) && (!optIn || grants.length > 0)
  );
}

let service: TestService;
let territory: Territory;
let rescoring: Rescoring;
let runs: RescoringRuns;
let serial = 0;
const seen = { standing: 0, email: 0, withdrawn: 0, decidedAgain: 0 };

beforeAll(async () => {
  service = await startTestService({ config: { exploration: 'greedy' } });
  territory = await startTerritory(service);
  rescoring = service.app.get(Rescoring, { strict: false });
  runs = service.app.get(RescoringRuns, { strict: false });
});
afterAll(() => service.close());

class World {
  readonly accountId = `account-${(serial += 1)}`;
  readonly facts = new Map<string, Recorded[]>();

  async open(): Promise<void> {
    await territory.put(`accounts/${this.accountId}`, {
      name: 'Clinic',
      kind: 'company',
      country: 'DE',
      attributes: { beds: 10 },
    });
    for (const { memberId } of [{ memberId: 'mia' }, { memberId: 'leo' }])
      await territory.put(`accounts/${this.accountId}/team/${memberId}`, {});
    for (const contact of ['ana', 'ben']) {
      this.facts.set(this.idOf(contact), []);
      await territory.put(`contacts/${this.idOf(contact)}`, {
        accountId: this.accountId,
        name: contact,
        email: `${contact}@example.test`,
        phone: '+49 30 1',
      });
    }
  }

  async happens(commands: readonly Command[]): Promise<void> {
    // Facts of one instant have an order of their own in the rule: each has its moment.
    service.clock.advance(1000);
    const waits = commands.filter((one) => one.kind === 'wait');
    for (const { hours } of waits) service.clock.advance(hours * HOUR);
    const consents = commands.filter((one) => one.kind === 'consent').slice(0, 1);
    const others = commands.filter((one) => one.kind !== 'wait' && one.kind !== 'consent');
    await Promise.all([...consents.map((one) => this.says(one)), ...others.map((one) => this.acts(one))]);
  }

  /** What stands before people on a channel that consent refuses now. */
  async violations(): Promise<unknown[]> {
    const now = service.clock.now();
    const standing = await service.database.query<
      { contact_id: string; channel_id: string; purpose: string }[]
    >(
      `select contact_id, channel_id, purpose, state, slot_from, slot_to, expires_at from suggestions
        where account_id = $1 and state in ('open', 'seen', 'accepted') and expires_at > $2`,
      [this.accountId, now],
    );
    seen.standing += standing.length;
    seen.email += standing.filter(({ channel_id }) => channel_id === 'email').length;
    return standing.filter(
      ({ contact_id, channel_id, purpose }) =>
        !allows(this.facts.get(contact_id) ?? [], channel_id, purpose, now.getTime()),
    );
  }

  private idOf(contact: string): string {
    return `${this.accountId}-${contact}`;
  }

  private async says({ contact, channel, purpose, status, hours }: Fact): Promise<void> {
    const at = service.clock.now().getTime();
    const lapses = status === 'granted' && hours !== null ? at + hours * HOUR : Infinity;
    const { body } = await service.http
      .post(`/api/v1/contacts/${this.idOf(contact)}/consents`)
      .set({ authorization: territory.authorization })
      .send({
        channelId: channel,
        purpose,
        status,
        source: 'contact',
        ...(lapses < Infinity ? { expiresAt: new Date(lapses).toISOString() } : {}),
      })
      .expect(201);
    seen.withdrawn += body.withdrawnSuggestions.length;
    this.facts.get(this.idOf(contact))?.push({ contact, channel, purpose, status, at, until: lapses });
  }

  private async acts(one: Exclude<Command, { kind: 'consent' | 'wait' }>): Promise<void> {
    if (one.kind === 'decide') {
      const context = one.need === null ? {} : { need: one.need };
      await territory.recommend({ accountId: this.accountId, limit: one.limit, context });
    } else if (one.kind === 'accept') await this.accepts();
    else if (one.kind === 'start') await rescoring.start({ startedBy: 'test', force: { reason: 'test' } });
    else await this.works(one.kind);
  }

  private async accepts(): Promise<void> {
    const [first] = await service.database.query<{ suggestion_id: string }[]>(
      `select suggestion_id from suggestions where account_id = $1 and state = 'open' and expires_at > $2 order by priority desc`,
      [this.accountId, service.clock.now()],
    );
    if (!first) return;
    const { status } = await service.http
      .post(`/api/v1/suggestions/${first.suggestion_id}/responses`)
      .set({ authorization: territory.authorization })
      .send({ kind: 'accepted' });
    // A "no" may have come first.
    expect([201, 409]).toContain(status);
  }

  private async works(phase: 'compute' | 'publish'): Promise<void> {
    const open: Run | undefined = (await runs.list(5)).find(({ state }) => !ended.includes(state));
    if (!open || (open.state === 'publishing') !== (phase === 'publish')) return;
    for (const shard of await runs.unfinished(open.runId, phase))
      await rescoring.work({ runId: open.runId, shard, phase });
    seen.decidedAgain += (await runs.find(open.runId))?.tally.decidedAgain ?? 0;
  }
}

describe('consent is always obeyed', () => {
  it(
    'no suggestion stands on a channel that consent refuses, however consent, decisions and nightly runs interleave',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: MOST_STEPS }), async (steps) => {
          const world = new World();
          await world.open();
          await rescoring.start({ startedBy: 'test', force: { reason: 'test' } });
          for (const commands of steps) {
            await world.happens(commands);
            expect(await world.violations()).toEqual([]);
          }
        }),
        {
          examples: surely.map((steps): [Command[][]] => [steps]),
          numRuns: RUNS,
          interruptAfterTimeLimit: TIME_LIMIT_MILLISECONDS,
          endOnFailure: true,
        },
      );
      expect(seen.standing).toBeGreaterThan(0);
      expect(seen.email).toBeGreaterThan(0);
      expect(seen.withdrawn).toBeGreaterThan(surely.length);
    },
    6 * TIME_LIMIT_MILLISECONDS,
  );
});
