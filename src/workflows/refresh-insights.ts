import type { FindDoubles } from './find-doubles.js';
import type { FindHours } from './find-hours.js';
import type { PublishInsights } from './publish-insights.js';

/** Knowledge that is found slowly, in the order in which it is found. */
export type SlowInsight = 'published' | 'hours' | 'doubles';

export interface Refreshed {
  insight: SlowInsight;
  /** What was found: accounts, contacts or accounts with doubles; one line a finding. */
  told: readonly string[];
  /** Why it stays as it was; null when it was found anew. */
  problem: Error | null;
}

/**
 * Finds anew, of all accounts, what changes slowly: published features, usual hours, doubles. Before a re-scoring run,
 * which then decides with it. What fails stays as it was, and the rest is found nevertheless.
 */
export class RefreshInsights {
  constructor(
    private readonly insights: PublishInsights,
    private readonly hours: FindHours,
    private readonly doubles: FindDoubles,
  ) {}

  async run(asOf: Date, onRefreshed: (refreshed: Refreshed) => void = () => {}): Promise<Refreshed[]> {
    const steps: Record<SlowInsight, () => Promise<string[]>> = {
      published: () => this.publish(asOf),
      hours: async () => [`hours of the week: ${await this.hours.run(asOf)} contacts`],
      doubles: async () => [`doubles: ${(await this.doubles.run(asOf)).withDoubles} accounts`],
    };
    const all: Refreshed[] = [];
    for (const [insight, find] of Object.entries(steps) as [SlowInsight, () => Promise<string[]>][]) {
      const refreshed = await find().then(
        (told): Refreshed => ({ insight, told, problem: null }),
        (cause: unknown): Refreshed => ({ insight, told: [], problem: cause as Error }),
      );
      all.push(refreshed);
      onRefreshed(refreshed);
    }
    return all;
  }

  private async publish(asOf: Date): Promise<string[]> {
    const { publications, underWay } = await this.insights.run(asOf);
    return [
      ...publications.map(({ insight, accounts }) => `${insight}: ${accounts} accounts`),
      ...underWay.map((insight) => `${insight}: another process is publishing it`),
    ];
  }
}
