import type { ActionId, ChannelId, OutcomeId, ProductId } from '../../src/catalogue/index.js';
import { InputScales } from '../../src/learning/online/head-inputs.js';
import { priors } from '../../src/learning/online/head-layout.js';
import { HeadOfAccount } from '../../src/learning/online/online-head.js';
import { OutcomeLearning } from '../../src/learning/online/outcome-learning.js';
import type { CandidateInputs } from '../../src/recommender/index.js';

export interface Trial {
  action: string;
  /** What the model says. */
  logit: number;
  numbers: readonly number[];
}

const NOW = new Date('2026-06-01T09:00:00Z');
const NO_CROSSES = new Float32Array();

/** The head that serves, beside a trained model, taught trial by trial without a database: one channel and product. */
export class PlantedHead {
  private readonly scales: InputScales;
  private readonly learning: OutcomeLearning;
  private trials = 0;

  constructor(numbers: number) {
    const names = Array.from({ length: numbers }, (_, place) => `account:number-${place}`);
    const schema = { featureSet: 'planted', numbers: names, categories: [], crosses: [] };
    this.scales = new InputScales(schema, [], []);
    this.learning = OutcomeLearning.begin('response', this.scales, priors.model);
  }

  put({ action, logit, numbers }: Trial, label: 0 | 1, weight = 1): void {
    const packed = this.scales.pack(logit, accountOf(numbers), NO_CROSSES, NaN);
    this.trials += 1;
    this.learning.put(
      {
        name: String(this.trials),
        // without the hour, which is unknown
        inputs: packed.subarray(0, packed.length - 1),
        keys: candidateOf(action),
        startedAt: NOW,
        label,
        weight,
      },
      NOW,
      true,
    );
  }

  fit(): void {
    for (const _ of this.learning.fit(NOW)) continue;
  }

  correction(trial: Trial): number {
    return this.asked(trial).correction(candidateOf(trial.action), trial.logit);
  }

  uncertainty(trial: Trial): number {
    return this.asked(trial).uncertainty(candidateOf(trial.action), trial.logit);
  }

  private asked({ numbers }: Trial): HeadOfAccount {
    return new HeadOfAccount(this.learning.learned, this.scales.account(accountOf(numbers)));
  }
}

function accountOf(numbers: readonly number[]) {
  return { numbers: Float32Array.from(numbers), categories: [] };
}

function candidateOf(action: string): CandidateInputs {
  return {
    actionId: action as ActionId,
    channelId: 'call' as ChannelId,
    treatmentId: null,
    productId: 'router' as ProductId,
    topics: [],
    intent: 'offer',
    purpose: 'sales',
    outcomeId: 'response' as OutcomeId,
    channelKind: 'call',
    crosses: NO_CROSSES,
  };
}
