import type { ChannelId } from '../catalogue/index.js';
import type { ConsentFact, ConsentId, ConsentStatement } from '../consent/index.js';
import { addDays, type Rng } from '../shared/index.js';
import type { Plan } from './actions.js';
import type { Diary } from './diary.js';
import type { ChannelName, OutcomeName } from './offering.js';
import type { Doctor } from './people.js';
import type { Mind } from './truth.js';

/** A touch of the history with what only the simulator knows of it. */
export interface TrueTouch {
  touchId: string;
  contactId: string;
  plan: Plan;
  channel: ChannelName;
  at: Date;
  probability: Record<OutcomeName, number>;
  happened: Record<OutcomeName, boolean>;
}

/** A doctor on one day, as the simulator moves through the history. */
export interface Life {
  doctor: Doctor;
  mind: Mind;
  diary: Diary;
  rng: Rng;
  facts: ConsentFact[];
  touches: TrueTouch[];
  /** Numbers conversations, touches and complaints of this doctor. */
  count: number;
  complaintEnds: Date | null;
  /** Until when a conversation keeps marketing silent. */
  talkingUntil: Date;
}

export function factOf(doctor: Doctor, statement: ConsentStatement, id: string): ConsentFact {
  const at = statement.effectiveAt ?? new Date(0);
  return {
    productId: null,
    topic: null,
    wording: null,
    proof: null,
    ...statement,
    consentId: id as ConsentId,
    accountId: doctor.accountId,
    contactId: doctor.contact.contactId,
    effectiveAt: at,
    expiresAt: statement.expiresAt ?? null,
    recordedAt: at,
    recordedBy: 'territory',
  } as ConsentFact;
}

/** A withdrawal that an event of the history carries, known to the simulated senders from then on. */
export function withdrawFromEmail(life: Life, at: Date): void {
  const statement: ConsentStatement = {
    channelId: 'email' as ChannelId,
    purpose: 'marketing',
    status: 'withdrawn',
    source: 'link',
    effectiveAt: at,
  };
  life.facts.push(factOf(life.doctor, statement, `event-${life.facts.length}`));
}

export function later(at: Date, rng: Rng, days: number): Date {
  return addDays(at, days * (0.02 + rng.next()));
}
