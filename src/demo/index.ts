export * from './territory.js';
export * from './ceiling.js';
export { outcomeNames, type OutcomeName, withinDays } from './offering.js';
export { ADA_JONES } from './people.js';
export type { TrueTouch } from './life.js';
export { type Approached, type Earned, OngoingTerritory, type Opportunity } from './ongoing.js';
export { readingNow } from './live.js';
