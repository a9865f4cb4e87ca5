import type { AccountId, Catalogues } from '../catalogue/index.js';
import {
  type AccountEmbeddings,
  type ApproachRecord,
  type ApproachResult,
  approachResults,
  type Basis,
  type Double,
  type DoublesBook,
  factsOf,
  type FoundDoubles,
  type ProductGap,
  productGaps,
  type Shared,
  sharedBy,
  type Survey,
} from '../insights/index.js';
import type { Clock } from '../shared/index.js';
import type { AccountCensus } from './account-census.js';
import { type FindDoubles, foundIn } from './find-doubles.js';

export interface ShowDoublesParts {
  find: FindDoubles;
  book: DoublesBook;
  census: AccountCensus;
  embeddings: AccountEmbeddings;
  approaches: ApproachRecord;
  catalogues: Catalogues;
  clock: Clock;
}

/** Why there are none. */
export type NoDoubles = 'too-few-comparable' | 'not-looked-at-yet';

export interface DoublesOfAccount {
  accountId: AccountId;
  /** When all accounts were compared; null: never. */
  asOf: Date | null;
  basis: Basis | null;
  because: NoDoubles | null;
  doubles: readonly (Double & { name: string | null; shared: readonly Shared[] })[];
  products: readonly ProductGap[];
  approaches: readonly ApproachResult[];
}

/** With no more accounts than this all are compared whenever they changed; else by night. */
const COMPARED_AT_ONCE = 2000;
/** Comparing may take this share of the time. */
const BUSY_SHARE = 0.05;

/** The accounts most like one, and what they tell of it as things stand now. */
export class ShowDoubles {
  private last: { stamp: string; survey: Promise<Survey>; from: number; ended: number } | null = null;

  constructor(private readonly parts: ShowDoublesParts) {}

  async of(accountId: AccountId): Promise<DoublesOfAccount> {
    const found = await this.found(accountId);
    if (!found) return { ...nothing(accountId), because: 'not-looked-at-yet' };
    const { asOf, basis, doubles } = found;
    if (doubles.length === 0) return { ...nothing(accountId), asOf, basis, because: 'too-few-comparable' };
    return { accountId, asOf, basis, because: null, ...(await this.told(accountId, doubles)) };
  }

  /** What the doubles bought and what was tried with them is read anew from the log. */
  private async told(
    accountId: AccountId,
    doubles: readonly Double[],
  ): Promise<Pick<DoublesOfAccount, 'doubles' | 'products' | 'approaches'>> {
    const { find, approaches, catalogues, clock } = this.parts;
    const now = clock.now();
    const catalogue = await catalogues.current();
    const pasts = await find.pasts([accountId, ...doubles.map((double) => double.accountId)], now);
    const tries = await approaches.of(pasts, now);
    const known = new Map(
      pasts.map((past, place) => {
        const facts = factsOf(past, tries[place] ?? [], catalogue, now);
        return [facts.accountId, { dossier: past.dossier, facts }];
      }),
    );
    const own = known.get(accountId);
    const others = doubles.flatMap((double) => {
      const one = known.get(double.accountId);
      return one ? [{ ...one, double }] : [];
    });
    if (!own) return { doubles: [], products: [], approaches: [] };
    const facts = others.map((one) => one.facts);
    return {
      doubles: others.map((one) => ({
        ...one.double,
        name: one.dossier.account.name,
        shared: sharedBy(own, one, catalogue.schemas.account),
      })),
      products: productGaps(own.facts, facts),
      approaches: approachResults(facts),
    };
  }

  private async found(accountId: AccountId): Promise<FoundDoubles | undefined> {
    const { accounts, stamp } = await this.parts.census.take();
    if (accounts > COMPARED_AT_ONCE) return (await this.parts.book.of([accountId])).get(accountId);
    const survey = await this.survey(stamp);
    if (!survey.factsOf(accountId)) return undefined;
    const found = foundIn(survey, accountId);
    // what is shown is what reasons tell of
    await this.parts.book.save([found]);
    return found;
  }

  private async survey(stamp: string): Promise<Survey> {
    const basis = await this.parts.embeddings.basis();
    const { version } = await this.parts.catalogues.current();
    const own = `${stamp}/${basis.by}:${basis.version}/${version}`;
    const now = this.parts.clock.now().getTime();
    const { last } = this;
    const rested = last && now - last.ended >= (last.ended - last.from) / BUSY_SHARE;
    if (last && (last.stamp === own || !rested)) return last.survey;
    const asOf = new Date(now);
    const survey = this.parts.find.survey(asOf);
    const made = { stamp: own, survey, from: now, ended: now };
    this.last = made;
    try {
      await survey;
      made.ended = this.parts.clock.now().getTime();
      return await survey;
    } catch (cause) {
      this.last = null;
      throw cause;
    }
  }
}

function nothing(accountId: AccountId): DoublesOfAccount {
  return {
    accountId,
    asOf: null,
    basis: null,
    because: null,
    doubles: [],
    products: [],
    approaches: [],
  };
}
