import {
  type AccountInputs,
  type CandidateInputs,
  type Contribution,
  type InputSchema,
  PropensityModel,
  type ScoringCase,
} from '../../recommender/index.js';

const NOTHING: InputSchema = { featureSet: '', numbers: [], categories: [], crosses: [] };

/** A model that likes one action and little else, whatever it reads. */
export class Likes extends PropensityModel {
  readonly name = 'likes';
  /** What it was asked about, in order. */
  readonly asked: { account: AccountInputs; candidate: CandidateInputs }[] = [];

  constructor(
    readonly version: string,
    private readonly actionId: string,
    readonly inputSchema: InputSchema = NOTHING,
  ) {
    super();
  }

  score(cases: readonly ScoringCase[]): Float32Array[] {
    return cases.map(({ account, candidates }) =>
      Float32Array.from(candidates, (candidate) => {
        this.asked.push({ account, candidate });
        return (candidate.actionId as string) === this.actionId ? 0.9 : 0.2;
      }),
    );
  }

  contributions(): Contribution[] {
    return [];
  }
}
