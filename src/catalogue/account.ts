import type { AccountId, ContactId } from './ids.js';

export type AttributeValue = string | number | boolean | null;
export type Attributes = Record<string, AttributeValue>;

/** What CEL and the model may know of an attribute. `personal` ones are left out of logs, exports and the model. */
export interface AttributeSpec {
  type: 'string' | 'number' | 'boolean' | 'date';
  values?: string[];
  personal?: boolean;
}
export type AttributeSchema = Record<string, AttributeSpec>;
export type AttributeSchemaKind = 'account' | 'contact';

export interface Account {
  accountId: AccountId;
  name: string | null;
  kind: 'person' | 'company';
  segment: string | null;
  region: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** IANA name; null means the deployment's own. */
  timeZone: string | null;
  /** BCP 47. */
  locale: string | null;
  location: { lat: number; lon: number } | null;
  /** `automated`: follow-ups on automatic channels go out by themselves. */
  mode: 'assisted' | 'automated';
  attributes: Attributes;
  /** Made by an event that named an unknown id; completed by a later PUT. */
  stub: boolean;
}

/** A person-account is its own contact: contactId equals accountId. */
export interface Contact {
  contactId: ContactId;
  accountId: AccountId;
  name: string | null;
  email: string | null;
  phone: string | null;
  /** The e-mail address took no mail, and is left out. Absent where it is not read. */
  emailHeld?: boolean;
  timeZone: string | null;
  locale: string | null;
  attributes: Attributes;
  stub: boolean;
  /** A cap of her own: messages within 7 days. Absent where it is not read. */
  messagesPerWeek?: number | null;
}
