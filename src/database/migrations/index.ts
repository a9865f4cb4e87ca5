import { AccountState1700000000001 } from './1-account-state.js';
import { Access1700000000005 } from './5-access.js';

/** In the order in which they run; a folder's tables have a migration of their own. */
export const migrations = [AccountState1700000000001, Access1700000000005];
