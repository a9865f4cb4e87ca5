import type { AccountId, Catalogues } from '../../catalogue/index.js';
import { type AccountPast, ApproachRecord, type Try } from '../../insights/index.js';
import { compileOutcome, creditsOf, type OutcomeLog, touchesToCredit } from '../../outcomes/index.js';

/** What was tried, from the touches of each account and the outcomes that are credited to the last of them. */
export class CreditedApproaches extends ApproachRecord {
  constructor(
    private readonly catalogues: Catalogues,
    private readonly outcomes: OutcomeLog,
  ) {
    super();
  }

  async of(pasts: readonly AccountPast[], at: Date): Promise<Try[][]> {
    const catalogue = await this.catalogues.current();
    const outcomes = [...catalogue.outcomes.values()].map(compileOutcome);
    const within = new Map(outcomes.map((outcome) => [outcome.outcomeId, outcome.within]));
    const ids = pasts.map(({ dossier }): AccountId => dossier.account.accountId);
    const reported = await this.outcomes.ofAccounts(ids, at);
    return pasts.map(({ dossier, events }) => {
      const touches = touchesToCredit(events, catalogue);
      if (touches.length === 0) return [];
      const told = reported.get(dossier.account.accountId) ?? [];
      const credited = new Set(
        creditsOf(touches, events, told, outcomes, 'last').flatMap(({ touch, outcomeId }) =>
          touches[touch]?.outcomeId === outcomeId ? [touch] : [],
        ),
      );
      return touches.map((touch, place): Try => {
        const closes = touch.at.getTime() + (within.get(touch.outcomeId) ?? 0);
        const { actionId, channelId, productIds } = touch;
        const open = closes > at.getTime();
        return { actionId, channelId, productIds, at: touch.at, succeeded: credited.has(place), open };
      });
    });
  }
}
