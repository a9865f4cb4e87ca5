import type {
  Account,
  AccountId,
  CatalogueKind,
  CatalogueRecords,
  Contact,
  ContactId,
  MemberId,
} from '../catalogue/index.js';
import type { ConsentStatement } from '../consent/index.js';
import type { IncomingItem } from '../events/index.js';
import { HOUR, MINUTE, seededRng } from '../shared/index.js';
import { actions } from './actions.js';
import { consentOfAdaJones, consentsOf } from './consents.js';
import { Calendar, SOURCE } from './diary.js';
import { liveThrough } from './journey.js';
import type { Life, TrueTouch } from './life.js';
import { channels, content, outcomes, products, specialties } from './offering.js';
import { ADA_JONES, type Doctor, type Household, households } from './people.js';
import { team } from './team.js';
import { treatments } from './wording.js';

export const SEED = 'territory-1';
export const DAYS = 180;

/** What is written into the product, as an importer's plan is. */
export interface TerritoryPlan {
  name: string;
  /** In the order in which the parts refer to each other. */
  catalogue: { [Kind in CatalogueKind]: { kind: Kind; records: CatalogueRecords[Kind][] } }[CatalogueKind][];
  people: { accounts: Account[]; contacts: Contact[]; assignments: CatalogueRecords['assignments'][] };
  consents: { accountId: AccountId; contactId: ContactId; statement: ConsentStatement }[];
  /** Account by account, each in order of time. */
  events: IncomingItem[];
  counts: { accounts: number; events: number; consents: number; leftOut: Record<string, number> };
}

/** The simulated territory: what the product is told, and what only the simulator knows. */
export interface Territory {
  /** When its history ends: the present of the simulation. */
  until: Date;
  plan: TerritoryPlan;
  /** Every touch with its true probabilities, oldest first. */
  truth: TrueTouch[];
}

export interface TerritorySettings {
  seed?: string;
  /** Only the last so many accounts: for a quick look. Dr. Jones is the last of all. */
  accounts?: number;
  /** Length of the history. */
  days?: number;
}

/** The territory with the doctors as they are when the history ends. */
export interface LivedTerritory {
  territory: Territory;
  lives: Life[];
}

/** The same territory for the same seed and the same `until`, which is the present. */
export function territory(until: Date, settings: TerritorySettings = {}): Territory {
  return liveTerritory(until, settings).territory;
}

export function liveTerritory(
  until: Date,
  { seed = SEED, accounts: limit, days = DAYS }: TerritorySettings = {},
): LivedTerritory {
  const homes = households(seed).slice(limit === undefined ? 0 : -limit);
  const calendar = new Calendar(until, days);
  const lives = homes.map((home) => ({
    home,
    lives: home.doctors.map((doctor) => lifeOf(doctor, calendar, days, seed)),
  }));
  const items = lives.map(({ home, lives }) => itemsOf(home, lives, until));
  const consents = homes.flatMap(({ doctors }) =>
    doctors.flatMap((doctor) => consentsTold(doctor, until, days, seed)),
  );
  const accounts = homes.map(({ account }) => account);
  const made: Territory = {
    until,
    plan: {
      name: SOURCE,
      catalogue,
      people: {
        accounts,
        contacts: homes.flatMap(({ doctors }) => doctors.map(({ contact }) => contact)),
        assignments: homes.flatMap(assignmentsOf),
      },
      consents,
      events: items.flat(),
      counts: {
        accounts: accounts.length,
        events: items.reduce((sum, list) => sum + list.length, 0),
        consents: consents.length,
        leftOut: {},
      },
    },
    truth: lives
      .flatMap(({ lives }) => lives.flatMap(({ touches }) => touches))
      .sort((a, b) => a.at.getTime() - b.at.getTime()),
  };
  return { territory: made, lives: lives.flatMap((home) => home.lives) };
}

function statementsOf(doctor: Doctor, until: Date, days: number, seed: string): ConsentStatement[] {
  const { contactId } = doctor.contact;
  if (contactId === ADA_JONES) return consentOfAdaJones(until, days);
  return consentsOf(seededRng(`${seed}:consent:${contactId}`), until, days);
}

function consentsTold(doctor: Doctor, until: Date, days: number, seed: string): TerritoryPlan['consents'] {
  const { accountId, contact } = doctor;
  const { contactId } = contact;
  return statementsOf(doctor, until, days, seed).map((statement) => ({ accountId, contactId, statement }));
}

function lifeOf(doctor: Doctor, calendar: Calendar, days: number, seed: string): Life {
  const rng = seededRng(`${seed}:life:${doctor.contact.contactId}`);
  return liveThrough(doctor, statementsOf(doctor, calendar.until, days, seed), calendar, rng);
}

function itemsOf({ account }: Household, lives: readonly Life[], until: Date): IncomingItem[] {
  const items = lives.flatMap(({ diary }) => diary.items());
  if (account.accountId === (ADA_JONES as string)) items.push(...readsOfAdaJones(until));
  return items.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
}

/** Hours before the present at which Dr. Jones read the side-effects page; the last of all events of the territory. */
const ADA_READ = [26 * HOUR, 5 * HOUR, 40 * MINUTE];

/** The id under which the last event of the territory is known: once it is in the log, all of it is. */
export const LAST_MESSAGE = `${ADA_JONES}-reads-${ADA_READ.length}`;

/** When the history ended, told from the time of its last event. */
export function endOf(lastEvent: Date): Date {
  return new Date(lastEvent.getTime() + (ADA_READ.at(-1) ?? 0));
}

function readsOfAdaJones(until: Date): IncomingItem[] {
  return ADA_READ.map((before, index) => ({
    kind: 'event',
    messageId: `${ADA_JONES}-reads-${index + 1}`,
    source: SOURCE,
    occurredAt: new Date(until.getTime() - before),
    accountId: ADA_JONES,
    contactId: ADA_JONES,
    name: 'Page Viewed',
    properties: {
      channel: 'web',
      productId: 'cardelin',
      topic: 'side-effects',
      contentId: 'cardelin-side-effects',
      url: 'https://territory.example/cardelin/side-effects',
    },
  }));
}

function assignmentsOf({ account, memberIds }: Household): CatalogueRecords['assignments'][] {
  return memberIds.map((memberId) => ({ accountId: account.accountId, memberId: memberId as MemberId }));
}

const catalogue: TerritoryPlan['catalogue'] = [
  {
    kind: 'attribute-schemas',
    records: [
      {
        kind: 'account',
        attributes: {
          setting: { type: 'string', values: ['practice', 'hospital'] },
          academic: { type: 'boolean' },
          beds: { type: 'number' },
        },
      },
      {
        kind: 'contact',
        attributes: {
          specialty: { type: 'string', values: [...specialties] },
          yearsInPractice: { type: 'number' },
        },
      },
    ],
  },
  { kind: 'team-members', records: team },
  { kind: 'products', records: products },
  { kind: 'content', records: content },
  { kind: 'channels', records: channels },
  { kind: 'outcome-definitions', records: outcomes },
  { kind: 'actions', records: actions },
  { kind: 'treatments', records: treatments },
];
