import type {
  Account,
  Action,
  Catalogue,
  Channel,
  Contact,
  Product,
  Treatment,
} from '../../src/catalogue/index.js';
import type { ConsentFact } from '../../src/consent/index.js';
import type { ContactRule } from '../../src/contact-policy/index.js';
import type { AccountEvent } from '../../src/events/index.js';
import { compileFeatureSet, type FeatureSet, standardFeatures } from '../../src/features/index.js';
import {
  buildInputSchema,
  FallbackRules,
  type Question,
  type Request,
  type Situation,
  type World,
  withProfiles,
} from '../../src/recommender/index.js';

type Loose<Value> = { [Key in keyof Value]?: unknown };

/** Wednesday, noon in Berlin. */
export const NOW = new Date('2026-03-04T11:00:00Z');

export const features: FeatureSet = compileFeatureSet(standardFeatures);

export function account(changes: Loose<Account> = {}): Account {
  return {
    accountId: 'acme',
    name: 'Acme',
    kind: 'company',
    segment: 'A',
    region: 'north',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    location: null,
    mode: 'assisted',
    attributes: {},
    stub: false,
    ...changes,
  } as Account;
}

export function contact(changes: Loose<Contact> = {}): Contact {
  return {
    contactId: 'ana',
    accountId: 'acme',
    name: 'Ana',
    email: 'ana@example.test',
    phone: '+49 30 1',
    timeZone: null,
    locale: null,
    attributes: {},
    stub: false,
    ...changes,
  } as Contact;
}

export function channel(channelId: string, changes: Loose<Channel> = {}): Channel {
  return {
    channelId,
    name: channelId,
    kind: 'call',
    performedBy: 'account-manager',
    costPerTouch: 1,
    leadTimeHours: 0,
    hours: null,
    consent: 'opt-out',
    capacityPerDay: null,
    ...changes,
  } as Channel;
}

export function action(actionId: string, changes: Loose<Action> = {}): Action {
  return {
    actionId,
    name: actionId,
    intent: 'follow-up',
    purpose: 'sales',
    productIds: [],
    topics: [],
    channelIds: ['call'],
    eligibility: null,
    outcomeId: 'reply',
    value: 100,
    discount: null,
    lever: 1,
    mandatory: false,
    validFrom: null,
    validUntil: null,
    ...changes,
  } as Action;
}

export function product(productId: string, changes: Loose<Product> = {}): Product {
  return {
    productId,
    name: productId,
    price: 100,
    margin: 40,
    currency: 'EUR',
    topics: [],
    available: true,
    ...changes,
  } as Product;
}

export function treatment(actionId: string, treatmentId: string, changes: Loose<Treatment> = {}): Treatment {
  return {
    actionId,
    treatmentId,
    channelId: 'call',
    locale: null,
    title: treatmentId,
    body: '',
    contentId: null,
    ...changes,
  } as Treatment;
}

export interface Offering {
  actions: Action[];
  channels?: Channel[];
  products?: Product[];
  treatments?: Treatment[];
  schemas?: Catalogue['schemas'];
}

export function catalogue({
  actions,
  channels = [channel('call')],
  products = [],
  treatments = [],
  schemas,
}: Offering): Catalogue {
  return {
    version: 1,
    products: new Map(products.map((one) => [one.productId, one])),
    content: new Map(),
    channels: new Map(channels.map((one) => [one.channelId, one])),
    outcomes: new Map(),
    actions: new Map(actions.map((one) => [one.actionId, one])),
    treatments: new Map(
      actions.map(({ actionId }) => [actionId, treatments.filter((one) => one.actionId === actionId)]),
    ),
    schemas: schemas ?? { account: {}, contact: {} },
  };
}

export function world(
  offering: Offering,
  changes: Partial<World> & { contactRules?: ContactRule[] } = {},
): World {
  const { contactRules = [], ...rest } = changes;
  const offered = catalogue(offering);
  const { definitions } = features;
  const schema = withProfiles(buildInputSchema(features, offered.schemas), definitions);
  const baseline = new FallbackRules(schema, definitions);
  return {
    catalogue: offered,
    rules: { version: 1, rules: contactRules },
    featureSet: features,
    model: baseline,
    baseline,
    exploration: { mode: 'greedy', gamma: 40, floor: 0.005, maxArms: 10 },
    timeZone: 'UTC',
    salt: 'test',
    holdoutShare: 0,
    ...rest,
  };
}

export interface Known {
  account?: Loose<Account>;
  contacts?: Contact[];
  team?: Situation['dossier']['team'];
  events?: AccountEvent[];
  consents?: ConsentFact[];
  history?: Partial<Situation['history']>;
  openSuggestionIds?: Situation['openSuggestionIds'];
  resting?: Situation['resting'];
}

export function situation(known: Known = {}): Situation {
  const owner = account(known.account);
  const state = features.empty();
  for (const event of known.events ?? []) features.fold(state, event, { timeZone: 'Europe/Berlin' });
  return {
    dossier: {
      account: owner,
      contacts: known.contacts ?? [contact({ accountId: owner.accountId })],
      team: known.team ?? [],
    },
    policyEpoch: 1,
    stateSequence: 1,
    state,
    consents: known.consents ?? [],
    history: {
      accountId: owner.accountId,
      touches: [],
      dismissals: [],
      threads: [],
      quotes: [],
      ...known.history,
    },
    budgets: new Map(),
    openSuggestionIds: known.openSuggestionIds ?? new Map(),
    ...(known.resting ? { resting: known.resting } : {}),
  };
}

export function request(
  known: Known = {},
  question: Partial<Question> = {},
  changes: Partial<Request> = {},
): Request {
  const own = situation(known);
  let made = 0;
  return {
    question: {
      accountId: own.dossier.account.accountId,
      contactId: null,
      limit: 3,
      context: {},
      role: null,
      ...question,
    },
    situation: own,
    at: NOW,
    decisionId: 'd1' as Request['decisionId'],
    seed: 'seed',
    nextSuggestionId: () => `s${(made += 1)}` as ReturnType<Request['nextSuggestionId']>,
    runId: null,
    ...changes,
  };
}

let eventsMade = 0;

/** An event of Ana's, so many hours before NOW. */
export function happened(
  name: string,
  hoursAgo: number,
  properties: AccountEvent['properties'] = {},
): AccountEvent {
  eventsMade += 1;
  const occurredAt = new Date(NOW.getTime() - hoursAgo * 3_600_000);
  return {
    eventId: `e${eventsMade}`,
    source: 'test',
    messageId: `m${eventsMade}`,
    name,
    accountId: 'acme',
    contactId: 'ana',
    anonymousId: null,
    memberId: null,
    occurredAt,
    recordedAt: occurredAt,
    properties,
    origin: 'live',
  } as AccountEvent;
}
