import type {
  Account,
  Action,
  AttributeSchema,
  Channel,
  ChannelKind,
  Contact,
  Intent,
  OutcomeDefinition,
  OutcomeId,
  Product,
  WeeklyHours,
} from '../../../src/catalogue/index.js';
import type { ContactRule, RuleId } from '../../../src/contact-policy/index.js';
import type { ConsentStatement } from '../../../src/consent/index.js';
import { type ImportPlan, person, type PlannedConsent } from '../../../src/importers/index.js';
import type { EngineView, MarketAccount, MarketCatalogue, MarketConsent } from './market.js';

export const OUTCOME = 'order' as OutcomeId;
/** Days in which an order that names a suggestion counts for it. */
export const WITHIN_DAYS = 30;

/** What is decided in the morning is carried out on the same day. */
export const SLOT_DAYS = 1;

/** Standard rules that contradict how this market lets itself be contacted: every day of the week, once a day. */
export const NOT_HERE = ['cap-marketing-email', 'cap-all-touches', 'rest-after-completed'] as RuleId[];
export const DAYS_OF_WORK: ContactRule = {
  ruleId: 'quiet-hours' as RuleId,
  kind: 'quiet-hours',
  from: '20:00',
  to: '08:00',
  restDays: [],
};

/** The market as any user would declare it: what it says of itself, in the words of the API. */
export function planOf(view: EngineView, start: Date): ImportPlan {
  const catalogue = view.catalogue();
  const accounts = view.accounts();
  const people = accounts.map((account) => personOf(account));
  const consents = view.consents().map((consent) => plannedConsent(consent, start));
  return {
    name: 'market',
    catalogue: [
      { kind: 'attribute-schemas', records: [{ kind: 'account', attributes: schemaOf(accounts) }] },
      { kind: 'products', records: catalogue.products.map(productOf) },
      { kind: 'channels', records: catalogue.channels.map((channel) => channelOf(channel, catalogue)) },
      { kind: 'outcome-definitions', records: [ORDER] },
      { kind: 'actions', records: catalogue.actions.map(actionOf) },
    ],
    people: {
      accounts: people.map(({ account }) => account),
      contacts: people.map(({ contact }) => contact),
    },
    consents,
    events: [],
    counts: { accounts: accounts.length, events: 0, consents: consents.length, leftOut: {} },
  };
}

/**
 * The market tells of each order twice: as an event, and as an outcome with the suggestion that it came from where that
 * is known. Those that name it count; the order's event names nothing.
 */
const ORDER: OutcomeDefinition = {
  outcomeId: OUTCOME,
  event: 'Order Completed',
  where: 'has(event.properties.suggestionId)',
  withinDays: WITHIN_DAYS,
  value: 'event.properties.value',
  engagement: false,
};

/** A type for each attribute, from the values that it has. */
function schemaOf(accounts: readonly MarketAccount[]): AttributeSchema {
  const schema: AttributeSchema = {};
  for (const { attributes } of accounts)
    for (const [name, value] of Object.entries(attributes)) {
      const type = typeof value;
      if (type === 'string' || type === 'number' || type === 'boolean') schema[name] ??= { type };
    }
  return schema;
}

function personOf(account: MarketAccount): { account: Account; contact: Contact } {
  const { accountId, name, segment, region, timeZone, locale, mode, attributes } = account;
  return person(accountId, { name, segment, region, timeZone, locale, mode, attributes });
}

function productOf(product: MarketCatalogue['products'][number]): Product {
  return { ...product, productId: product.productId as Product['productId'], available: true };
}

function channelOf(channel: MarketCatalogue['channels'][number], { slots }: MarketCatalogue): Channel {
  const { channelId, name, kind, performedBy, costPerTouch, consent } = channel;
  return {
    channelId: channelId as Channel['channelId'],
    name,
    kind: kind as ChannelKind,
    performedBy: performedBy as Channel['performedBy'],
    costPerTouch,
    leadTimeHours: 0,
    hours: hoursOf(slots),
    consent,
    capacityPerDay: null,
  };
}

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function hoursOf(slots: MarketCatalogue['slots']): WeeklyHours {
  const hours: WeeklyHours = {};
  for (const { weekday, fromHour, toHour } of slots) {
    const day = weekday.slice(0, 3) as keyof WeeklyHours;
    (hours[day] ??= []).push([clock(fromHour), clock(toHour)]);
  }
  return hours;
}

function actionOf(action: MarketCatalogue['actions'][number]): Action {
  const { actionId, name, intent, productIds, topics, channelIds, value } = action;
  return {
    actionId: actionId as Action['actionId'],
    name,
    intent: intent as Intent,
    purpose: 'marketing',
    productIds: productIds as Action['productIds'],
    topics,
    channelIds: channelIds as Action['channelIds'],
    eligibility: null,
    outcomeId: OUTCOME,
    value,
    discount: null,
    lever: 1,
    mandatory: false,
    validFrom: null,
    validUntil: null,
  };
}

function plannedConsent(consent: MarketConsent, start: Date): PlannedConsent {
  const account = consent.contactId as PlannedConsent['accountId'];
  return {
    accountId: account,
    contactId: consent.contactId as PlannedConsent['contactId'],
    statement: statementOf(consent, start),
  };
}

/** `latest`: the present; what was said is not of the future. */
export function statementOf(consent: MarketConsent, latest: Date): ConsentStatement {
  const { channelId, status, effectiveAt } = consent;
  const at = new Date(effectiveAt);
  return {
    channelId: channelId as ConsentStatement['channelId'],
    purpose: '*',
    status,
    source: consent.source as ConsentStatement['source'],
    effectiveAt: at > latest ? latest : at,
  };
}
