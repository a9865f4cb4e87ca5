/** A round of a log in which every action was equally likely. */
export interface LoggedRound {
  action: string;
  /** In [0, 1]. */
  reward: number;
  /** NaN: unknown. */
  numbers: readonly number[];
  categories: readonly string[];
}
