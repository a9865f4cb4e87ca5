export { evidenceOf, type IncrementalRow, LEAST, type OutcomeEvidence } from './incremental-row.js';
export { type IncrementalArtefact, LearnedIncrementalHead } from './learned-head.js';
export {
  type IncrementalCard,
  type LearnedIncremental,
  learnIncremental,
  type OutcomeCard,
} from './learn-incremental.js';
export {
  type IncrementalEntry,
  IncrementalStore,
  maySwitch,
  type SwitchAsked,
  type SwitchRefused,
} from './incremental-store.js';
