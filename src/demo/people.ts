import type { Account, AccountId, Contact, ContactId } from '../catalogue/index.js';
import { drawIndex, gaussian, integerBelow, pick, type Rng, seededRng } from '../shared/index.js';
import { channelNames, medicines, type Specialty, specialties, type Topic, topics } from './offering.js';
import { type Place, places } from './places.js';
import { teamOf } from './team.js';
import type { Taste } from './truth.js';
import { tones } from './wording.js';

/** One doctor: the record that the product sees, and the taste that it does not. */
export interface Doctor {
  contact: Contact;
  accountId: AccountId;
  specialty: Specialty;
  timeZone: string;
  rests: readonly number[];
  taste: Taste;
  /** Reads more or less than others; the mean is 1. */
  curiosity: number;
  managerId: string;
  liaisonId: string;
}

export interface Household {
  account: Account;
  /** One for a doctor alone, several for a clinic. */
  doctors: Doctor[];
  memberIds: string[];
}

const ALONE = 260;
const CLINICS = 10;
const DOCTORS_A_CLINIC = 4;

/** Doctors who read on screens rather than receive visitors are mostly the younger ones; the old ones the reverse. */
const DIGITAL_LEAN = 1;
const TASTE = { person: 0.6, topic: 0.5, medicine: 0.35, channel: 0.5 };

/** The story's doctor: a cardiologist in London. */
export const ADA_JONES = 'dr-ada-jones';

/** 260 doctors on their own and ten clinics of four, the same for the same seed; Dr. Jones comes last. */
export function households(seed: string): Household[] {
  const alone = Array.from({ length: ALONE - 1 }, (_none, index) =>
    doctorAlone(seed, `dr-${index + 1}`, index),
  );
  const clinics = Array.from({ length: CLINICS }, (_none, index) => clinic(seed, index));
  return [...alone, ...clinics, adaJones(seed)];
}

/** What is told of a doctor rather than drawn. */
interface Told {
  name: string;
  specialty: Specialty;
  years: number;
  segment: string;
  setting: 'practice' | 'hospital';
}

function doctorAlone(seed: string, id: string, index: number, told?: Told): Household {
  const rng = seededRng(`${seed}:${id}`);
  const drawn = placeOf(rng, index);
  const [city = drawn.city] = told ? drawn.place.cities : [];
  const specialty = told?.specialty ?? pick(rng, specialties);
  const years = told?.years ?? 3 + integerBelow(rng, 35);
  const setting = told?.setting ?? pick(rng, ['practice', 'practice', 'hospital'] as const);
  const academic = setting === 'hospital' && rng.next() < 0.5;
  const account = accountOf(id, 'person', drawn.place, city, rng, { setting, academic, beds: 0 });
  if (told) Object.assign(account, { segment: told.segment, mode: 'assisted' });
  const name = told?.name ?? nameOf(rng, drawn.place);
  account.name = name;
  return household(account, [contactOf(id, account, name, specialty, years)], rng, index);
}

/** Index 0 lies in the first place and its first city. */
function adaJones(seed: string): Household {
  return doctorAlone(seed, ADA_JONES, 0, {
    name: 'Dr. Ada Jones',
    specialty: 'cardiology',
    years: 14,
    segment: 'A',
    setting: 'practice',
  });
}

function clinic(seed: string, index: number): Household {
  const id = `clinic-${index + 1}`;
  const rng = seededRng(`${seed}:${id}`);
  const { place, city } = placeOf(rng, index);
  const academic = rng.next() < 0.6;
  const account = accountOf(id, 'company', place, city, rng, {
    setting: 'hospital',
    academic,
    beds: 100 + 50 * integerBelow(rng, 16),
  });
  account.name = `${city.name} ${academic ? 'University Hospital' : 'Clinic'} ${index + 1}`;
  const contacts = Array.from({ length: DOCTORS_A_CLINIC }, (_none, number) => {
    const years = 5 + integerBelow(rng, 30);
    return contactOf(`${id}-dr-${number + 1}`, account, nameOf(rng, place), pick(rng, specialties), years);
  });
  return household(account, contacts, rng, index);
}

function placeOf(rng: Rng, index: number): { place: Place; city: Place['cities'][number] } {
  const place = places[index % places.length];
  if (!place) throw new Error('the territory has no places');
  return { place, city: pick(rng, place.cities) };
}

function nameOf(rng: Rng, place: Place): string {
  const title = place.locale === 'fa' ? 'دکتر' : 'Dr.';
  return `${title} ${pick(rng, place.firstNames)} ${pick(rng, place.lastNames)}`;
}

function where(place: Place, city: Place['cities'][number]): Partial<Account> {
  const { lat, lon, timeZone } = city;
  return {
    country: place.country,
    region: place.region,
    timeZone,
    locale: place.locale,
    location: { lat, lon },
  };
}

function accountOf(
  id: string,
  kind: Account['kind'],
  place: Place,
  city: Place['cities'][number],
  rng: Rng,
  attributes: Account['attributes'],
): Account {
  const segment = ['A', 'B', 'C'][drawIndex(rng, [0.25, 0.45, 0.3])] ?? 'C';
  return {
    accountId: id as AccountId,
    name: null,
    kind,
    segment,
    region: null,
    country: null,
    timeZone: null,
    locale: null,
    location: null,
    mode: segment === 'C' ? 'automated' : 'assisted',
    attributes,
    stub: false,
    ...where(place, city),
  };
}

function contactOf(id: string, account: Account, name: string, specialty: Specialty, years: number): Contact {
  return {
    contactId: id as ContactId,
    accountId: account.accountId,
    name,
    email: `${id}@doctors.example`,
    phone: null,
    timeZone: account.timeZone,
    locale: account.locale,
    attributes: { specialty, yearsInPractice: years },
    stub: false,
  };
}

function household(account: Account, contacts: readonly Contact[], rng: Rng, index: number): Household {
  const place = places.findIndex(({ country }) => country === account.country);
  const members = teamOf(place, Math.floor(index / places.length));
  const of = (role: string): string => members.find((member) => member.role === role)?.memberId ?? '';
  const doctors = contacts.map((contact) => ({
    contact,
    accountId: account.accountId,
    specialty: contact.attributes['specialty'] as Specialty,
    timeZone: account.timeZone ?? 'UTC',
    rests: places[place]?.rests ?? [],
    taste: tasteOf(rng, account, contact),
    curiosity: Math.exp(0.5 * gaussian(rng)),
    managerId: of('account-manager'),
    liaisonId: of('medical-liaison'),
  }));
  return { account, doctors, memberIds: members.map(({ memberId }) => memberId) };
}

/** What a setting cares about more, or less, than others. */
const leanings: Readonly<Record<string, Partial<Record<Topic, number>>>> = {
  hospital: { reimbursement: 1, guidelines: 0.4, dosage: -0.4 },
  practice: { 'side-effects': 0.4, dosage: 0.3, reimbursement: -0.4 },
};

function tasteOf(rng: Rng, account: Account, contact: Contact): Taste {
  const years = Number(contact.attributes['yearsInPractice']);
  const digital = (20 - years) / 20;
  const setting = String(account.attributes['setting']);
  const drawn = <Key extends string>(keys: readonly Key[], spread: number, lean: (key: Key) => number) =>
    Object.fromEntries(keys.map((key) => [key, spread * gaussian(rng) + lean(key)])) as Record<Key, number>;
  const onScreen = ['email', 'web', 'webinar', 'sms'];
  return {
    responsiveness: TASTE.person * gaussian(rng) + (account.segment === 'A' ? 0.3 : 0),
    topics: drawn(topics, TASTE.topic, (topic) => leanings[setting]?.[topic] ?? 0),
    medicines: drawn(
      medicines.map(({ id }) => id),
      TASTE.medicine,
      () => 0,
    ),
    channels: drawn(
      channelNames,
      TASTE.channel,
      (name) => DIGITAL_LEAN * digital * (onScreen.includes(name) ? 1 : -1),
    ),
    tone: account.attributes['academic'] === true || rng.next() < 0.3 ? 'evidence' : (tones[0] ?? 'brief'),
    bestHour: pick(rng, [9, 10, 12, 13, 15, 17]),
    bestWeekday: 1 + integerBelow(rng, 7),
  };
}
