/** How doubles are found, and from how many on they are told of. */
export const doublesSettings = {
  /** Doubles of one account at most. */
  most: 20,
  /** Fewer than these say nothing about anybody. */
  least: 5,
  /** Least similarity: 1 is the same, 0 as far apart as two accounts picked at random. */
  leastSimilarity: 0.1,
  /** What was bought in so many days before is compared. */
  comparedDays: 365,
  /** A product is told of when at least this share of the doubles bought it. */
  leastShare: 0.3,
  /** Doubles with whom an approach was tried, at least, for it to be told of. */
  leastTried: 2,
} as const;

/** Coverage of all intervals here. */
export const CONFIDENCE = 0.95;
