import type { About } from '../alerts/index.js';
import { type AccountDossier, type AccountId, accountValues, contactValues } from '../catalogue/index.js';
import type { AttributeSchemas } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { AccountState, FeatureSet } from '../features/index.js';

/** What rules may know of those whom events are about, made when it is first asked for. */
export class AboutEvents {
  private readonly dossiers: ReadonlyMap<AccountId, AccountDossier>;

  constructor(
    dossiers: readonly AccountDossier[],
    private readonly states: ReadonlyMap<AccountId, AccountState>,
    private readonly featureSet: FeatureSet,
    private readonly schemas: AttributeSchemas,
  ) {
    this.dossiers = new Map(dossiers.map((one) => [one.account.accountId, one]));
  }

  /** Null where the account is gone. Features are as of when the event was taken in. */
  of({ accountId, contactId, recordedAt }: AccountEvent): About | null {
    const dossier = this.dossiers.get(accountId);
    if (!dossier) return null;
    const contact = dossier.contacts.find((one) => one.contactId === contactId);
    const state = this.states.get(accountId);
    return {
      account: accountValues(dossier.account, this.schemas.account),
      contact: contact ? contactValues(contact, this.schemas.contact) : {},
      features: state ? this.featureSet.read(state, contactId, recordedAt).scalars() : {},
    };
  }
}
