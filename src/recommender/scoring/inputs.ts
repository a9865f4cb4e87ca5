export { PROFILE_PLACES, withProfiles } from './profile-inputs.js';
export { buildInputSchema, splitCross, splitInput } from './input-schema.js';
export { accountInputs } from './account-inputs.js';
export {
  type CandidateKeys,
  candidateInputs,
  candidateKeys,
  CrossCells,
  topicsOf,
} from './candidate-inputs.js';
