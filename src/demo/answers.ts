import type { EventProperties } from '../events/index.js';
import { addDays, pick } from '../shared/index.js';
import type { LocalDay } from './diary.js';
import { later, type Life, type TrueTouch, withdrawFromEmail } from './life.js';
import { type ChannelName, medicines } from './offering.js';
import { orderOf } from './reading.js';
import type { Approach } from './truth.js';
import { treatmentIdOf } from './wording.js';

/** What a touch leaves behind in the systems around it: its own event, and the traces of what came of it. */

const touchNames: Record<ChannelName, string> = {
  visit: 'Visit Logged',
  call: 'Call Logged',
  email: 'Email Sent',
  web: 'Call Logged',
  webinar: 'Message Sent',
  sms: 'Message Sent',
  letter: 'Letter Sent',
};

const OPENED_WITHOUT_MORE = 0.28;
const REPLIED = 0.2;
const UNSUBSCRIBED = 0.004;
const QUOTED = 0.05;

/** `named`: further properties of the touch and of what comes of it. */
export function answer(
  life: Life,
  approach: Approach,
  touch: TrueTouch,
  day: LocalDay,
  named: EventProperties,
): void {
  const { doctor, diary, rng } = life;
  const { plan, channel } = approach;
  const locale = doctor.contact.locale === 'fa' ? 'fa' : 'en';
  const about: EventProperties = {
    channel,
    actionId: plan.id,
    treatmentId: treatmentIdOf(plan, channel, approach.tone, locale),
    topic: plan.topic,
    touchId: touch.touchId,
    ...(plan.medicine && { productId: plan.medicine.id }),
    ...named,
  };
  const inPerson = channel === 'visit' || channel === 'call' || channel === 'web';
  const memberId = channel === 'web' ? doctor.liaisonId : inPerson ? doctor.managerId : undefined;
  const mood = inPerson ? { sentiment: moodOf(life, touch) } : {};
  diary.note(touch.at, touchNames[channel], { ...about, ...mood, purpose: plan.purpose }, memberId);
  if (touch.happened.responded) respond(life, about, touch, channel);
  else if (channel === 'email' && rng.next() < OPENED_WITHOUT_MORE) {
    diary.note(later(touch.at, rng, 1), 'Email Opened', about);
  }
  if (touch.happened.ordered) {
    const medicine = plan.medicine ?? pick(rng, medicines);
    const order = { ...orderOf(rng, medicine), actionId: plan.id, touchId: touch.touchId };
    diary.note(later(touch.at, rng, 10), 'Order Completed', order);
  }
  aside(life, about, touch, day);
}

function moodOf({ rng, mind }: Life, { happened }: TrueTouch): number {
  const mood = (happened.responded ? 0.45 : -0.1) - (mind.complaining ? 0.4 : 0) + 0.5 * (rng.next() - 0.5);
  return Math.round(100 * Math.max(-1, Math.min(1, mood))) / 100;
}

function respond(life: Life, about: EventProperties, touch: TrueTouch, channel: ChannelName): void {
  const { diary, rng } = life;
  const said = (at: Date, name: string): void => diary.note(at, name, about);
  const responseAt = later(touch.at, rng, channel === 'letter' ? 5 : channel === 'visit' ? 0.03 : 1.5);
  const justBefore = new Date((touch.at.getTime() + responseAt.getTime()) / 2);
  if (channel === 'email') {
    said(justBefore, 'Email Opened');
    said(responseAt, rng.next() < REPLIED ? 'Email Replied' : 'Email Link Clicked');
  }
  if (channel === 'sms') said(responseAt, rng.next() < REPLIED ? 'Message Replied' : 'Message Clicked');
  if (channel === 'webinar') said(responseAt, 'Form Submitted');
  if (channel === 'call' || channel === 'web') said(responseAt, 'Meeting Booked');
  diary.note(addDays(responseAt, 0.0005), 'Response Positive', about);
  if (channel === 'webinar') diary.note(addDays(responseAt, 4), 'Webinar Attended', about);
}

/** Rare things on the side: somebody unsubscribes, a price is quoted, a promise is made. */
function aside(life: Life, about: EventProperties, touch: TrueTouch, day: LocalDay): void {
  const { diary, doctor, rng, mind } = life;
  if (about.channel === 'email' && rng.next() < UNSUBSCRIBED * (1 + mind.fatigue)) {
    const at = later(touch.at, rng, 0.5);
    diary.note(at, 'Unsubscribed', { channel: 'email', purpose: 'marketing' });
    withdrawFromEmail(life, at);
  }
  if (about.channel !== 'visit' || rng.next() >= QUOTED) return;
  const medicine = touch.plan.medicine ?? pick(rng, medicines);
  const price = Math.round(medicine.price * 90) / 100;
  const validUntil = addDays(day.start, 30).toISOString();
  const quote = { productId: medicine.id, price, discount: medicine.price - price, validUntil };
  diary.note(addDays(touch.at, 0.01), 'Quote Given', quote, doctor.managerId);
  const dueAt = addDays(touch.at, 7).toISOString();
  diary.note(addDays(touch.at, 0.02), 'Promise Made', { what: 'Send the papers', dueAt }, doctor.managerId);
  diary.note(
    addDays(touch.at, 2 + 6 * rng.next()),
    'Promise Kept',
    { what: 'Send the papers' },
    doctor.managerId,
  );
}
