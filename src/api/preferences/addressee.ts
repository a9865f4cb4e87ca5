import type { Accounts, ContactId } from '../../catalogue/index.js';

/** Where and in what language a contact lives, as far as we know. */
export interface Addressee {
  locale: string | null;
  timeZone: string | null;
}

export async function addresseeOf(accounts: Accounts, contactId: ContactId): Promise<Addressee> {
  const accountId = (await accounts.accountsOf([contactId])).get(contactId);
  const [dossier] = accountId === undefined ? [] : await accounts.dossiers([accountId]);
  const contact = dossier?.contacts.find((one) => one.contactId === contactId);
  return {
    locale: contact?.locale ?? dossier?.account.locale ?? null,
    timeZone: contact?.timeZone ?? dossier?.account.timeZone ?? null,
  };
}
