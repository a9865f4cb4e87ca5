import type { AccountId, ContactId } from '../catalogue/index.js';
import type { IncomingItem } from '../events/index.js';
import { addDays, seededRng } from '../shared/index.js';
import { plans } from './actions.js';
import { Calendar, clock, Diary, type LocalDay } from './diary.js';
import { carryOut, passADay, TOUCHES_A_DAY } from './journey.js';
import type { Life } from './life.js';
import { type ChannelName, channels } from './offering.js';
import { type LivedTerritory } from './territory.js';
import { tonesOn, treatmentIdOf } from './wording.js';

/** A doctor who can be touched on a day. */
export interface Opportunity {
  accountId: AccountId;
  contactId: ContactId;
  timeZone: string;
}

/** What somebody decided to do about a doctor. */
export interface Approached {
  contactId: string;
  actionId: string;
  channelId: string;
  treatmentId: string | null;
  /** Local hour, 0 to 23. */
  hour: number;
  suggestionId: string;
  decisionId: string;
}

/** What a touch was worth by the truth, in the territory's currency. */
export interface Earned {
  accountId: string;
  day: number;
  /** True chance of the action's outcome × its value − cost of the touch. */
  expected: number;
  /** The same with what happened. */
  realised: number;
  /** True chance of the action's outcome. */
  chance: number;
}

interface Going {
  life: Life;
  days: LocalDay[];
}

/**
 * The territory after its history: somebody else decides now, and the doctors answer as they always did. What happens on
 * a day by itself, and who can be touched, is the same whoever decides; only what the touches change differs.
 */
export class OngoingTerritory {
  private readonly going: Map<string, Going>;
  private told: Date;

  constructor(
    { territory, lives }: LivedTerritory,
    days: number,
    private readonly seed: string,
  ) {
    this.told = territory.until;
    const end = addDays(territory.until, days);
    const calendar = new Calendar(end, days);
    const later = addDays(end, days);
    this.going = new Map(
      lives.map((life) => {
        const diary = new Diary(life.doctor, later, 'live-');
        return [
          life.doctor.contact.contactId as string,
          { life: { ...life, diary }, days: calendar.daysOf(life.doctor) },
        ];
      }),
    );
  }

  /** Lives through a day, and gives those who can be touched on it. */
  begin(day: number): Opportunity[] {
    return [...this.going.values()].flatMap(({ life, days }) => {
      const today = days[day];
      const { accountId, contact, timeZone } = life.doctor;
      if (!today) throw new Error(`The territory does not go on to day ${day}`);
      const rng = seededRng(`${this.seed}:${contact.contactId}:${day}`);
      life.rng = rng;
      passADay(life, today);
      life.rng = seededRng(`${this.seed}:${contact.contactId}:${day}:touch`);
      if (today.rest || life.rng.next() >= TOUCHES_A_DAY) return [];
      return [{ accountId, contactId: contact.contactId, timeZone }];
    });
  }

  /** Carries out what was decided for a doctor on that day. */
  touch(day: number, approached: Approached): Earned {
    const { contactId, actionId, channelId, hour, suggestionId, decisionId } = approached;
    const { life, days } = this.goingOf(contactId);
    const today = days[day];
    const plan = plans.find(({ id }) => id === actionId);
    if (!today || !plan) throw new Error(`Nothing can be done about "${actionId}" on day ${day}`);
    const channel = channelId as ChannelName;
    const locale = life.doctor.contact.locale === 'fa' ? 'fa' : 'en';
    const tone =
      tonesOn(channel).find((one) => treatmentIdOf(plan, channel, one, locale) === approached.treatmentId) ??
      'brief';
    const at = clock(today, hour + 0.5 * life.rng.next());
    const approach = { plan, channel, tone, hour, weekday: today.weekday };
    const named = { suggestionId, decisionId, touchId: `live-${suggestionId}-${day}` };
    const { probability, happened } = carryOut(life, approach, at, today, named);
    const cost = channels.find((known) => (known.channelId as string) === channelId)?.costPerTouch ?? 0;
    return {
      accountId: life.doctor.accountId,
      day,
      expected: probability[plan.outcome] * plan.value - cost,
      chance: probability[plan.outcome],
      realised: (happened[plan.outcome] ? plan.value : 0) - cost,
    };
  }

  /** Events since the last telling, up to that moment, in order. */
  tell(until: Date): IncomingItem[] {
    const since = this.told;
    this.told = until;
    return [...this.going.values()]
      .flatMap(({ life }) => life.diary.items())
      .filter(({ occurredAt }) => occurredAt > since && occurredAt <= until)
      .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  }

  private goingOf(contactId: string): Going {
    const found = this.going.get(contactId);
    if (!found) throw new Error(`There is no doctor "${contactId}"`);
    return found;
  }
}
