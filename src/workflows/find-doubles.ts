import { setImmediate } from 'node:timers/promises';
import type { AccountId, Accounts, Catalogues } from '../catalogue/index.js';
import type { EventLog } from '../events/index.js';
import type { FeatureStore } from '../features/index.js';
import {
  type AccountEmbeddings,
  type AccountPast,
  type ApproachRecord,
  type DoublesBook,
  type FoundDoubles,
  type Survey,
  SurveyBuilder,
} from '../insights/index.js';

export interface FindDoublesParts {
  accounts: Accounts;
  catalogues: Catalogues;
  events: EventLog;
  features: FeatureStore;
  embeddings: AccountEmbeddings;
  approaches: ApproachRecord;
  book: DoublesBook;
}

/** Accounts read at once. */
const ACCOUNTS_AT_ONCE = 200;
/** Accounts whose doubles are looked for before others get their turn. */
const SEARCHED_AT_ONCE = 50;

/** Looks at all accounts and finds for each those most like it. */
export class FindDoubles {
  constructor(private readonly parts: FindDoublesParts) {}

  /** Of all accounts, and keeps them; gives how many accounts have doubles. */
  async run(
    asOf: Date,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<{ accounts: number; withDoubles: number }> {
    const survey = await this.survey(asOf);
    const ids = survey.accountIds;
    let withDoubles = 0;
    for (let from = 0; from < ids.length; from += SEARCHED_AT_ONCE) {
      const found = ids.slice(from, from + SEARCHED_AT_ONCE).map((accountId) => foundIn(survey, accountId));
      withDoubles += found.filter(({ doubles }) => doubles.length > 0).length;
      await this.parts.book.save(found);
      onProgress(Math.min(ids.length, from + SEARCHED_AT_ONCE), ids.length);
      await setImmediate();
    }
    await this.parts.book.ran(asOf);
    return { accounts: ids.length, withDoubles };
  }

  /** Every account as it stands. */
  async survey(asOf: Date): Promise<Survey> {
    const { accounts, catalogues, embeddings, approaches } = this.parts;
    const basis = await embeddings.basis();
    const builder = new SurveyBuilder(await catalogues.current(), asOf);
    let ids = await accounts.idsAfter(null, ACCOUNTS_AT_ONCE);
    while (ids.length > 0) {
      const pasts = await this.pasts(ids, asOf);
      const [placements, tries] = await Promise.all([embeddings.of(pasts, asOf), approaches.of(pasts, asOf)]);
      builder.add(pasts, placements, tries);
      ids = await accounts.idsAfter(ids.at(-1) ?? null, ACCOUNTS_AT_ONCE);
    }
    return builder.build(basis);
  }

  /** In the order asked; unknown accounts are left out. */
  async pasts(accountIds: readonly AccountId[], asOf: Date): Promise<AccountPast[]> {
    const { accounts, events, features } = this.parts;
    const [dossiers, logs, states] = await Promise.all([
      accounts.dossiers(accountIds),
      events.ofAccounts(accountIds, new Date(asOf.getTime() + 1)),
      features.load(accountIds),
    ]);
    return dossiers.flatMap((dossier): AccountPast[] => {
      const { accountId } = dossier.account;
      const loaded = states.get(accountId);
      return loaded ? [{ dossier, events: logs.get(accountId) ?? [], state: loaded.state }] : [];
    });
  }
}

export function foundIn(survey: Survey, accountId: AccountId): FoundDoubles {
  const doubles = survey.doublesOf(accountId);
  const { asOf, basis } = survey;
  return { accountId, asOf, basis, doubles, evidence: survey.evidenceOf(accountId, doubles) };
}
