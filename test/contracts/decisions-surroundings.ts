import type { AccountId } from '../../src/catalogue/index.js';
import { type Decision, DecisionLog } from '../../src/recommender/index.js';
import { Ids, Transactions } from '../../src/shared/index.js';
import { PublishDecisions, Situations } from '../../src/workflows/index.js';
import { decideMany } from '../../src/workflows/shard-requests.js';
import { startTestService, type TestService } from '../support/service.js';
import { startTerritory, type Territory } from '../support/territory.js';

/** The territory, and its nightly decisions step by step. */
export async function startDecisions(): Promise<Decisions> {
  const service = await startTestService();
  return new Decisions(service, await startTerritory(service));
}

export class Decisions {
  private doctors = 0;

  constructor(
    readonly service: TestService,
    readonly territory: Territory,
  ) {}

  of<Part>(token: abstract new (...args: never[]) => Part): Part {
    return this.service.app.get(token, { strict: false });
  }

  now(): Date {
    return this.service.clock.now();
  }

  /** A fresh doctor: an account that is its own contact. */
  async newDoctor(): Promise<AccountId> {
    this.doctors += 1;
    const accountId = `doctor-${this.doctors}`;
    await this.territory.put(`accounts/${accountId}`, {
      name: accountId,
      kind: 'person',
      country: 'DE',
      timeZone: 'Europe/Berlin',
    });
    return accountId as AccountId;
  }

  async compute(...accountIds: AccountId[]): Promise<Decision[]> {
    const situations = this.of(Situations);
    return decideMany(
      { runId: 'night', asOf: this.now(), accountIds },
      await situations.world(),
      situations,
      this.of(Ids),
    );
  }

  async publish(decisions: readonly Decision[]) {
    const { catalogue } = await this.of(Situations).world();
    const publishing = this.of(PublishDecisions);
    await publishing.prepare(this.now());
    return this.of(Transactions).run(async (within) => {
      await this.of(DecisionLog).append(decisions, within);
      return publishing.logged(decisions, catalogue, this.now(), within);
    });
  }
}
