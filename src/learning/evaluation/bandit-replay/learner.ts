import type { ActionId, ChannelId, OutcomeId, ProductId } from '../../../catalogue/index.js';
import type { CandidateInputs } from '../../../recommender/index.js';
import { InputScales } from '../../online/head-inputs.js';
import { type HeadPrior, priors } from '../../online/head-layout.js';
import { HeadOfAccount } from '../../online/online-head.js';
import { OutcomeLearning } from '../../online/outcome-learning.js';
import type { LoggedRound } from './logged-round.js';
import { RoundInputs } from './round-inputs.js';

/** Rounds that are taken by chance, to learn what a usual reward is. */
const BY_CHANCE = 30;
/** The belief is fitted again when so much has come since the last fit, as a share of all. */
const NEWS = 0.03;
/**
 * Nothing is declared of a log's actions, and what tells them apart may be all there is: their own weights are believed
 * wider than where declared rules are corrected. Chosen on made-up logs (see `docs/learning.md`).
 */
const PRIOR: HeadPrior = { ...priors.rules, key: 0.8, inputs: 0.3, inputsOfKey: 4.5 };
/** A log has no times: nothing is forgotten. */
const WHEN = new Date(0);

/** What is known of the actions, by the head that learns between trainings. */
export class ReplayLearner {
  private readonly inputs: RoundInputs;
  private readonly scales: InputScales;
  private readonly learning: OutcomeLearning;
  private readonly early: LoggedRound[] = [];
  private learned = 0;
  private fitted = 0;
  private put = 0;
  /** Logit of a usual reward; null until it is known. */
  private usual: number | null = null;

  constructor(rounds: readonly LoggedRound[]) {
    this.inputs = new RoundInputs(rounds);
    this.scales = new InputScales(this.inputs.schema, [], []);
    this.learning = OutcomeLearning.begin('reward', this.scales, PRIOR);
  }

  /** Null while nothing is known. */
  of(round: LoggedRound): AskedRound | null {
    if (this.usual === null) return null;
    const account = this.scales.account(this.inputs.of(round));
    return new AskedRound(new HeadOfAccount(this.learning.learned, account), this.usual);
  }

  learn(round: LoggedRound): void {
    this.learned += 1;
    if (this.usual !== null) this.add(round, this.usual);
    else this.early.push(round);
    if (this.learned < BY_CHANCE) return;
    if (this.usual === null) {
      const rewards = this.early.reduce((sum, { reward }) => sum + reward, 0);
      const mean = (rewards + 1) / (this.early.length + 2);
      this.usual = Math.log(mean / (1 - mean));
      for (const one of this.early) this.add(one, this.usual);
    }
    if (this.learned - this.fitted < NEWS * this.learned) return;
    for (const _ of this.learning.fit(WHEN)) continue;
    this.fitted = this.learned;
  }

  /** A reward between 0 and 1 is so much of a success. */
  private add(round: LoggedRound, usual: number): void {
    const { action, reward } = round;
    const packed = this.scales.pack(usual, this.inputs.of(round), NO_CROSSES, NO_HOUR);
    const inputs = packed.subarray(0, packed.length - 1);
    const keys = candidateOf(action);
    for (const label of [0, 1] as const) {
      const weight = label === 1 ? reward : 1 - reward;
      if (weight === 0) continue;
      this.put += 1;
      const trial = { name: String(this.put), inputs, keys, startedAt: WHEN, label, weight };
      this.learning.put(trial, WHEN, true);
    }
  }
}

/** One round, and what is believed of the actions in it. */
export class AskedRound {
  constructor(
    private readonly head: HeadOfAccount,
    private readonly usual: number,
  ) {}

  /** Expected reward, in (0, 1). */
  chance(action: string): number {
    const { head, usual } = this;
    return 1 / (1 + Math.exp(-usual - head.correction(candidateOf(action), usual)));
  }

  /** As a share of what it was before any reward, in (0, 1]. */
  uncertainty(action: string): number {
    return this.head.uncertainty(candidateOf(action), this.usual);
  }
}

const NO_CROSSES = new Float32Array();
const NO_HOUR = NaN;
const candidates = new Map<string, CandidateInputs>();

/** An action is a product on the only channel: what the account's inputs say of it is told apart by product. */
function candidateOf(action: string): CandidateInputs {
  const known = candidates.get(action);
  if (known) return known;
  const made: CandidateInputs = {
    actionId: action as ActionId,
    channelId: 'log' as ChannelId,
    treatmentId: null,
    productId: action as ProductId,
    topics: [],
    intent: '',
    purpose: '',
    outcomeId: 'reward' as OutcomeId,
    channelKind: '',
    crosses: NO_CROSSES,
  };
  candidates.set(action, made);
  return made;
}
