import { AccountState1700000000001 } from './1-account-state.js';

/** In the order in which they run; a folder's tables have a migration of their own. */
export const migrations = [AccountState1700000000001];
