import type { Channel, Contact } from '../../catalogue/index.js';
import type { Refusal } from '../../contact-policy/index.js';

const unreachable = (because: string): Refusal => ({ rule: 'reach', ruleId: null, because, until: null });

const CAME_BACK = unreachable('The e-mail address takes no mail: what was sent to it came back.');
const NO_EMAIL = unreachable('No e-mail address is known.');
const NO_PHONE = unreachable('No phone number is known.');

/**
 * The "no" of a channel for which we have no address of the contact. Where no address at all is kept here, another system
 * keeps them, and a missing one says nothing; a person who calls finds the number.
 */
export function refusedByAddress(
  { email, phone, emailHeld = false }: Pick<Contact, 'email' | 'phone' | 'emailHeld'>,
  { kind }: Pick<Channel, 'kind'>,
): Refusal | null {
  if (kind === 'email' && email === null) {
    if (emailHeld) return CAME_BACK;
    return phone === null ? null : NO_EMAIL;
  }
  return kind === 'sms' && phone === null && (email !== null || emailHeld) ? NO_PHONE : null;
}
