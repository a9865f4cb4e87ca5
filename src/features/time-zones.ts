import type { AccountDossier, ContactId } from '../catalogue/index.js';

/** The zone in which a contact's hours are counted: its own, else the account's, else the deployment's. */
export function timeZonesOf(
  dossier: Pick<AccountDossier, 'account' | 'contacts'> | undefined,
  fallback: string,
): (contactId: ContactId | null) => string {
  const own = dossier?.account.timeZone ?? fallback;
  const ofContacts = new Map(dossier?.contacts.map(({ contactId, timeZone }) => [contactId, timeZone]));
  return (contactId) => (contactId === null ? own : (ofContacts.get(contactId) ?? own));
}
