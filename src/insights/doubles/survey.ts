import type { AccountId, Catalogue } from '../../catalogue/index.js';
import type { Double } from './compare.js';
import { countBuyers, type DoublesEvidence, evidenceFrom, type Everybody } from './evidence.js';
import { type AccountFacts, factsOf } from './facts.js';
import { NearestSearch } from './nearest.js';
import type { AccountPast, Basis, Placement, Try } from './ports.js';
import { doublesSettings } from './settings.js';
import { fitSpace, similarityAt, type Space } from './space.js';

/** Collects accounts batch by batch, and makes a survey of them. */
export class SurveyBuilder {
  private readonly placements: Placement[] = [];
  private readonly facts: AccountFacts[] = [];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly asOf: Date,
  ) {}

  add(pasts: readonly AccountPast[], placements: readonly Placement[], tries: readonly Try[][]): void {
    pasts.forEach((past, index) => {
      const placement = placements[index];
      if (!placement) throw new Error('An account was not placed');
      this.placements.push(placement);
      this.facts.push(factsOf(past, tries[index] ?? [], this.catalogue, this.asOf));
    });
  }

  build(basis: Basis): Survey {
    const { space, points } = fitSpace(this.placements, basis.version);
    return new Survey(this.asOf, basis, this.facts, space, new NearestSearch(points));
  }
}

/** All accounts as they stood at one moment, ready to be asked for the doubles of each. */
export class Survey {
  private readonly rowOf: ReadonlyMap<AccountId, number>;
  private readonly everybody: Everybody;

  constructor(
    readonly asOf: Date,
    readonly basis: Basis,
    private readonly facts: readonly AccountFacts[],
    private readonly space: Space,
    private readonly search: NearestSearch,
  ) {
    this.rowOf = new Map(facts.map(({ accountId }, row) => [accountId, row]));
    this.everybody = countBuyers(facts);
  }

  get accountIds(): AccountId[] {
    return this.facts.map(({ accountId }) => accountId);
  }

  factsOf(accountId: AccountId): AccountFacts | undefined {
    return this.facts[this.rowOf.get(accountId) ?? -1];
  }

  /** The most similar first; none where fewer than are asked for are similar enough. */
  doublesOf(accountId: AccountId): Double[] {
    const row = this.rowOf.get(accountId);
    // where nothing tells accounts apart nobody is more alike than others
    if (row === undefined || this.space.typicalDistance === 0) return [];
    const found = this.search
      .of(row, doublesSettings.most)
      .map((near) => ({ near, similarity: similarityAt(near.squaredDistance, this.space) }))
      .filter(({ similarity }) => similarity >= doublesSettings.leastSimilarity)
      .flatMap(({ near, similarity }): Double[] => {
        const known = this.facts[near.row];
        return known ? [{ accountId: known.accountId, similarity }] : [];
      });
    return found.length < doublesSettings.least ? [] : found;
  }

  evidenceOf(accountId: AccountId, doubles: readonly Double[]): DoublesEvidence[] {
    const own = this.factsOf(accountId);
    if (!own || doubles.length === 0) return [];
    const theirs = doubles.flatMap((double) => this.factsOf(double.accountId) ?? []);
    return evidenceFrom(own, theirs, this.everybody);
  }
}
