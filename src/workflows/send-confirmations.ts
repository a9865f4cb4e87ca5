import type { AccountDossier, Accounts } from '../catalogue/index.js';
import {
  type Confirmation,
  CONFIRMATION_DAYS,
  type ConfirmationEnd,
  type Confirmations,
  confirmability,
  confirmableUntil,
  type ConsentLedger,
  type PreferenceLinks,
} from '../consent/index.js';
import type { Mailer, MailReceipt } from '../delivery/index.js';
import { addDays, type Clock, MINUTE } from '../shared/index.js';
import { confirmationMail } from './send-confirmations-words.js';

export interface SendConfirmationsParts {
  confirmations: Confirmations;
  ledger: ConsentLedger;
  accounts: Accounts;
  links: PreferenceLinks;
  mailer: Mailer;
  clock: Clock;
}

/** Whoever sends a mail has answered within this time, or died. */
const LEASE_MINUTES = 10;
/** Waits after a passing refusal; after the last one it is given up. */
const RETRY_MINUTES: readonly number[] = [1, 5, 15, 60];
const AT_ONCE = 20;

/**
 * Asks the contact by mail whether it was she who agreed (double opt-in). A mail leaves at most once for each unconfirmed
 * consent: it is being sent before anything leaves the house, and what was not heard of is never sent again.
 */
export class SendConfirmations {
  constructor(private readonly parts: SendConfirmationsParts) {}

  /** Everything that is due now; how many were sent. Safe to run in any number of processes at once. */
  async runDue(): Promise<number> {
    const { confirmations, clock } = this.parts;
    const at = clock.now();
    await confirmations.giveUp(at);
    await confirmations.note(addDays(at, -CONFIRMATION_DAYS), at);
    let sent = 0;
    for (;;) {
      const lease = new Date(clock.now().getTime() + LEASE_MINUTES * MINUTE);
      const due = await confirmations.take(clock.now(), lease, AT_ONCE);
      for (const one of due) {
        const end = await this.send(one);
        if (end.state === 'sent') sent += 1;
        await confirmations.end(one.consentId, end);
      }
      if (due.length < AT_ONCE) return sent;
    }
  }

  private async send(one: Confirmation): Promise<ConfirmationEnd> {
    const { ledger, accounts, links, mailer, clock } = this.parts;
    const until = confirmableUntil(one);
    if (until <= clock.now()) return { state: 'failed', because: 'Its time was over.' };
    const facts = await ledger.ofContact(one.contactId);
    const pending = facts.find(({ consentId }) => consentId === one.consentId);
    if (!pending || confirmability(one.consentId, facts) !== 'open')
      return { state: 'failed', because: 'The contact has said more since.' };
    const accountId = (await accounts.accountsOf([one.contactId])).get(one.contactId);
    const [dossier] = accountId === undefined ? [] : await accounts.dossiers([accountId]);
    const person = personIn(dossier, one);
    if (!person?.email) return { state: 'failed', because: 'No address is known that takes mail.' };
    const url = links.confirmationUrl({ contactId: one.contactId, consentId: one.consentId, until });
    const locale = person.locale ?? dossier?.account.locale ?? null;
    const mail = confirmationMail(one.consentId, { ...person, email: person.email, locale }, pending, url);
    return this.endOf(one, await mailer.send(mail));
  }

  private endOf({ tries }: Confirmation, receipt: MailReceipt): ConfirmationEnd {
    if (receipt.status === 'accepted') return { state: 'sent' };
    if (receipt.status === 'uncertain') return { state: 'unknown' };
    const wait = receipt.permanent ? undefined : RETRY_MINUTES[tries];
    if (wait === undefined) return { state: 'failed', because: receipt.because };
    const nextTryAt = new Date(this.parts.clock.now().getTime() + wait * MINUTE);
    return { state: 'due', nextTryAt, because: receipt.because };
  }
}

function personIn(dossier: AccountDossier | undefined, { contactId }: Confirmation) {
  return dossier?.contacts.find((one) => one.contactId === contactId);
}
