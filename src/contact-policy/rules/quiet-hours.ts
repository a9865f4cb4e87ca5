import type { ContactId } from '../../catalogue/index.js';
import type { IntendedTouch, TouchWindow } from '../intended-touch.js';
import { quietCalendar, type QuietCalendar } from '../quiet/quiet-calendar.js';
import type { Refusal, RuleOf } from '../rule.js';
import type { PolicySurroundings } from './compiled-rule.js';

type QuietHours = RuleOf<'quiet-hours'>;

/** Decides windows, not touches: at night tomorrow's window is still open. */
export interface CompiledQuietHours {
  refuses(touch: IntendedTouch, window: TouchWindow): Refusal | undefined;
}

/** No touch in the contact's evening and night, on rest days and on public holidays, in the contact's own time zone. */
export function compileQuietHours(
  rule: QuietHours,
  { timeZoneOf, countryOf }: PolicySurroundings,
): CompiledQuietHours {
  const byContact = new Map<ContactId, QuietCalendar>();
  const calendarOf = (contactId: ContactId): QuietCalendar => {
    let calendar = byContact.get(contactId);
    if (!calendar) {
      calendar = quietCalendar(rule, timeZoneOf(contactId), countryOf);
      byContact.set(contactId, calendar);
    }
    return calendar;
  };
  return {
    refuses(touch, { from, to }) {
      if (rule.channelId !== undefined && rule.channelId !== touch.channelId) return undefined;
      if (rule.channelKind !== undefined && rule.channelKind !== touch.channelKind) return undefined;
      return calendarOf(touch.contactId).refusal(from.getTime(), to.getTime());
    },
  };
}
