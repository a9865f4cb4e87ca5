import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../access/index.js';
import { Accounts, Catalogues } from '../catalogue/index.js';
import { Confirmations, ConsentLedger, PreferenceLinks } from '../consent/index.js';
import { Mailer } from '../delivery/index.js';
import { TouchLog } from '../events/index.js';
import { Clock, Ids, Transactions } from '../shared/index.js';
import { AccountLocks } from './account-locks.js';
import { PostgresOwnCaps } from './change-preferences.postgres.js';
import { ChangePreferences } from './change-preferences.js';
import { RecordConsent } from './record-consent.js';
import { SendConfirmations } from './send-confirmations.js';

const changePreferences: FactoryProvider<ChangePreferences> = {
  provide: ChangePreferences,
  inject: [
    Transactions,
    AccountLocks,
    Accounts,
    Catalogues,
    ConsentLedger,
    DataSource,
    RecordConsent,
    TouchLog,
    AuditTrail,
    Clock,
    Ids,
  ],
  useFactory: (
    transactions: Transactions,
    locks: AccountLocks,
    accounts: Accounts,
    catalogues: Catalogues,
    ledger: ConsentLedger,
    database: DataSource,
    record: RecordConsent,
    touches: TouchLog,
    audit: AuditTrail,
    clock: Clock,
    ids: Ids,
  ) =>
    new ChangePreferences({
      transactions,
      locks,
      accounts,
      catalogues,
      ledger,
      caps: new PostgresOwnCaps(database),
      record,
      touches,
      audit,
      clock,
      ids,
    }),
};

const sendConfirmations: FactoryProvider<SendConfirmations> = {
  provide: SendConfirmations,
  inject: [Confirmations, ConsentLedger, Accounts, PreferenceLinks, Mailer, Clock],
  useFactory: (
    confirmations: Confirmations,
    ledger: ConsentLedger,
    accounts: Accounts,
    links: PreferenceLinks,
    mailer: Mailer,
    clock: Clock,
  ) => new SendConfirmations({ confirmations, ledger, accounts, links, mailer, clock }),
};

/** What contacts say by links of ours, and the mails that ask them to confirm it. */
export const preferenceProviders = [changePreferences, sendConfirmations];
export const preferenceWorkflows = [ChangePreferences, SendConfirmations];
