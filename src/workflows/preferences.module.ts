import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../access/index.js';
import { Accounts, Catalogues } from '../catalogue/index.js';
import { Confirmations, ConsentLedger, PreferenceLinks } from '../consent/index.js';
import { Mailer } from '../delivery/index.js';
import { TouchLog } from '../events/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { assembled } from './assembled.js';
import { AccountLocks } from './account-locks.js';
import { PostgresOwnCaps } from './change-preferences.postgres.js';
import { ChangePreferences, OwnCaps } from './change-preferences.js';
import { RecordConsent } from './record-consent.js';
import { SendConfirmations } from './send-confirmations.js';

const ownCaps: FactoryProvider<OwnCaps> = {
  provide: OwnCaps,
  inject: [DataSource],
  useFactory: (database: DataSource) => new PostgresOwnCaps(database),
};

const changePreferences: FactoryProvider<ChangePreferences> = assembled(ChangePreferences, {
  transactions: Transactions,
  locks: AccountLocks,
  accounts: Accounts,
  catalogues: Catalogues,
  ledger: ConsentLedger,
  caps: OwnCaps,
  record: RecordConsent,
  touches: TouchLog,
  audit: AuditTrail,
  clock: Clock,
  ids: Ids,
});

const sendConfirmations: FactoryProvider<SendConfirmations> = assembled(SendConfirmations, {
  confirmations: Confirmations,
  ledger: ConsentLedger,
  accounts: Accounts,
  links: PreferenceLinks,
  mailer: Mailer,
  clock: Clock,
});

/** What contacts say by links of ours, and the mails that ask them to confirm it. */
export const preferenceProviders = [ownCaps, changePreferences, sendConfirmations];
export const preferenceWorkflows = [ChangePreferences, SendConfirmations];
