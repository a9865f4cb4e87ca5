import type { EventProperties } from '../events/index.js';
import { addDays, drawIndex, integerBelow, pick, type Rng } from '../shared/index.js';
import { clock, type LocalDay } from './diary.js';
import type { Life } from './life.js';
import { contentIdOf, type Medicine, medicines, type Topic, topics } from './offering.js';

/** What a doctor does unasked: reads (more so in a burst of interest), asks, complains, orders. */

const BURSTS_A_DAY = 0.028;
const READS_A_DAY = 0.28;
const READS_IN_BURST = 1.9;
const QUESTION = 0.05;
const COMPLAINTS_A_DAY = 0.0009;
const OWN_ORDERS_A_DAY = 0.012;

export function readAboutInterests(life: Life, day: LocalDay): void {
  const { doctor, mind, rng } = life;
  const own = medicines.filter(({ specialties }) => specialties.includes(doctor.specialty));
  if (rng.next() < BURSTS_A_DAY) {
    const topic =
      topics[
        drawIndex(
          rng,
          topics.map((name) => Math.exp(doctor.taste.topics[name])),
        )
      ] ?? 'efficacy';
    mind.interest[topic] = 1;
    mind.need[pick(rng, own).id] = 1;
  }
  const strongest = topics.reduce((best, topic) =>
    mind.interest[topic] > mind.interest[best] ? topic : best,
  );
  const usual = day.rest ? READS_A_DAY / 3 : READS_A_DAY;
  const count = drawCount(rng, doctor.curiosity * (usual + READS_IN_BURST * mind.interest[strongest]));
  for (let read = 0; read < count; read += 1) {
    const follows = rng.next() < mind.interest[strongest];
    const topic = follows ? strongest : pick(rng, topics);
    const wanted = own.filter(({ id }) => (mind.need[id] ?? 0) > 0.3);
    const medicine = follows && wanted.length > 0 ? pick(rng, wanted) : pick(rng, own);
    readOne(life, clock(day, readingHour(rng, doctor.taste.bestHour)), medicine, topic);
  }
  if (rng.next() < QUESTION * mind.interest[strongest]) ask(life, day, strongest, pick(rng, own));
  if (rng.next() < COMPLAINTS_A_DAY && !mind.complaining) complain(life, day, pick(rng, own));
}

function about(medicine: Medicine, topic: Topic): EventProperties {
  return { productId: medicine.id, topic, channel: 'web' };
}

function readOne(life: Life, at: Date, medicine: Medicine, topic: Topic): void {
  const page = { ...about(medicine, topic), url: `https://territory.example/${medicine.id}/${topic}` };
  life.diary.note(at, 'Page Viewed', page);
  life.mind.warmth = Math.min(1, life.mind.warmth + 0.004);
  if (life.rng.next() < 0.4) {
    const contentId = contentIdOf(medicine.id, topic);
    life.diary.note(addDays(at, 0.002), 'Content Viewed', { ...about(medicine, topic), contentId });
  } else if (life.rng.next() < 0.15) {
    life.diary.note(addDays(at, 0.001), 'Product Viewed', about(medicine, topic));
  }
}

/** Around the doctor's own best hour, which is how a model can learn it. */
function readingHour(rng: Rng, bestHour: number): number {
  const hour = bestHour + 4 * (rng.next() + rng.next() - 1);
  return Math.min(23, Math.max(6, hour));
}

function ask(life: Life, day: LocalDay, topic: Topic, medicine: Medicine): void {
  const { doctor, rng, diary } = life;
  life.count += 1;
  const conversationId = `${doctor.contact.contactId}-talk-${life.count}`;
  const at = clock(day, 9 + 8 * rng.next());
  const talk = { ...about(medicine, topic), conversationId };
  diary.note(at, rng.next() < 0.3 ? 'Form Submitted' : 'Question Asked', { ...talk, stage: 'ask' });
  diary.note(addDays(at, 0.01), 'Conversation Opened', talk, doctor.managerId);
  const answered = addDays(at, 0.2 + 3 * rng.next());
  const closed = addDays(answered, 0.1 + 4 * rng.next());
  const byLiaison = topic === 'side-effects' || topic === 'interactions';
  const sentiment = Math.round(40 + 50 * rng.next()) / 100;
  const answerer = byLiaison ? doctor.liaisonId : doctor.managerId;
  diary.note(answered, 'Question Answered', { ...talk, sentiment }, answerer);
  diary.note(closed, 'Conversation Closed', talk, doctor.managerId);
  life.talkingUntil = closed;
}

function complain(life: Life, day: LocalDay, medicine: Medicine): void {
  const { doctor, rng, diary, mind } = life;
  life.count += 1;
  const conversationId = `${doctor.contact.contactId}-complaint-${life.count}`;
  const at = clock(day, 9 + 8 * rng.next());
  diary.note(at, 'Complaint Opened', { conversationId, productId: medicine.id, sentiment: -0.8 });
  mind.complaining = true;
  life.complaintEnds = addDays(at, 3 + integerBelow(rng, 12));
  diary.note(life.complaintEnds, 'Complaint Closed', { conversationId, sentiment: 0.1 }, doctor.managerId);
}

/** Orders that nobody asked for: those who are warm and need something. */
export function orderOwn(life: Life, day: LocalDay): void {
  const { doctor, mind, rng } = life;
  if (life.complaintEnds && day.start >= life.complaintEnds) mind.complaining = false;
  if (day.rest || rng.next() >= OWN_ORDERS_A_DAY * (0.5 + 2 * mind.warmth)) return;
  const own = medicines.filter(({ specialties }) => specialties.includes(doctor.specialty));
  const medicine =
    own[
      drawIndex(
        rng,
        own.map(({ id }) => Math.exp((doctor.taste.medicines[id] ?? 0) + 2 * (mind.need[id] ?? 0))),
      )
    ];
  if (medicine) life.diary.note(clock(day, 9 + 8 * rng.next()), 'Order Completed', orderOf(rng, medicine));
}

export function orderOf(rng: Rng, medicine: Medicine): EventProperties {
  const quantity = 5 + integerBelow(rng, 26);
  const value = quantity * medicine.price;
  return {
    productId: medicine.id,
    productIds: [medicine.id],
    products: [{ productId: medicine.id, quantity, price: medicine.price }],
    value,
    currency: 'EUR',
  };
}

/** Poisson by counting exponential waits (Knuth, 1969). */
export function drawCount(rng: Rng, mean: number): number {
  const enough = Math.exp(-mean);
  let count = 0;
  for (let product = rng.next(); product > enough; product *= rng.next()) count += 1;
  return count;
}
