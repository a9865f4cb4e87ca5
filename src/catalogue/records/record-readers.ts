import { err, ok } from '../../shared/index.js';
import type { CatalogueKind, CatalogueRecords } from '../catalogue-editor.js';
import type { AccountId, ActionId, ChannelId, ContactId, ContentId, MemberId } from '../ids.js';
import type { OutcomeId, ProductId, TreatmentId } from '../ids.js';
import { channelKinds, intents, purposes, stages, valueSources } from '../offering.js';
import { roles } from '../team.js';
import { attributes, attributeSchema } from './attributes.js';
import {
  availability,
  country,
  currency,
  email,
  locale,
  timeZone,
  webAddress,
  weeklyHours,
} from './forms.js';
import {
  id,
  list,
  map,
  number,
  oneOf,
  optional,
  type Reader,
  shape,
  text,
  time,
  truth,
  withDefault,
} from './reader.js';

/** What a record has that says nothing of it. */
export interface RecordDefaults {
  /** ISO 4217, the configured one. */
  currency: string;
}

export type RecordReaders = { [Kind in CatalogueKind]: Reader<CatalogueRecords[Kind]> };

const EXPRESSION_MAX = 4000;
const MONEY_MAX = 1e12;

/** Members read are those of the record but for `stub`: who saves an account or contact completes it. */
function completed<Value extends object>(inner: Reader<Value>): Reader<Value & { stub: boolean }> {
  return {
    ...inner,
    read: (value, pointer) => {
      const result = inner.read(value, pointer);
      return result.ok ? ok({ ...result.value, stub: false }) : result;
    },
  };
}

const place = shape({ lat: number(-90, 90), lon: number(-180, 180) });

const accounts = completed(
  shape({
    accountId: id<AccountId>(),
    name: optional(text()),
    kind: oneOf(['person', 'company']),
    segment: optional(text()),
    region: optional(text()),
    country: optional(country()),
    timeZone: optional(timeZone()),
    locale: optional(locale()),
    location: optional(place),
    mode: withDefault(oneOf(['assisted', 'automated']), 'assisted'),
    attributes: withDefault(attributes(), {}),
  }),
);

const contacts = completed(
  shape({
    contactId: id<ContactId>(),
    accountId: id<AccountId>(),
    name: optional(text()),
    email: optional(email()),
    phone: optional(text(50)),
    timeZone: optional(timeZone()),
    locale: optional(locale()),
    attributes: withDefault(attributes(), {}),
  }),
);

const teamMembers = shape({
  memberId: id<MemberId>(),
  name: text(),
  role: oneOf(roles),
  email: optional(email()),
  timeZone: optional(timeZone()),
  locale: optional(locale()),
  deputyId: optional(id<MemberId>()),
  capacity: withDefault(
    map(
      number(0, 10_000),
      (name) => (channelKinds as readonly string[]).includes(name),
      `must be one of ${channelKinds.join(', ')}`,
    ),
    {},
  ),
});

const products = (defaults: RecordDefaults) =>
  shape({
    productId: id<ProductId>(),
    name: text(),
    price: number(0, MONEY_MAX),
    margin: number(-MONEY_MAX, MONEY_MAX),
    currency: withDefault(currency(), defaults.currency),
    topics: withDefault(list(text()), []),
    available: withDefault(availability(), true),
  });

const content = shape({
  contentId: id<ContentId>(),
  title: text(500),
  topics: withDefault(list(text()), []),
  stage: optional(oneOf(stages)),
  productIds: withDefault(list(id<ProductId>()), []),
  url: optional(webAddress()),
});

const channels = shape({
  channelId: id<ChannelId>(),
  name: text(),
  kind: oneOf(channelKinds),
  performedBy: oneOf([...roles, 'automatic']),
  costPerTouch: withDefault(number(0, MONEY_MAX), 0),
  leadTimeHours: withDefault(number(0, 24 * 365), 0),
  hours: optional(weeklyHours()),
  consent: oneOf(['opt-in', 'opt-out']),
  capacityPerDay: optional(number(0, 2_000_000_000, true)),
});

const outcomeDefinitions = shape({
  outcomeId: id<OutcomeId>(),
  event: text(),
  where: optional(text(EXPRESSION_MAX)),
  withinDays: number(0.001, 3650),
  value: optional(text(EXPRESSION_MAX)),
  engagement: withDefault(truth(), false),
});

const actionFields = shape({
  actionId: id<ActionId>(),
  name: text(),
  intent: oneOf(intents),
  purpose: oneOf(purposes),
  productIds: withDefault(list(id<ProductId>()), []),
  topics: withDefault(list(text()), []),
  channelIds: list(id<ChannelId>()),
  eligibility: optional(text(EXPRESSION_MAX)),
  outcomeId: id<OutcomeId>(),
  value: optional(number(-MONEY_MAX, MONEY_MAX)),
  valueFrom: withDefault(oneOf(valueSources), 'declared'),
  discount: optional(number(0, MONEY_MAX)),
  lever: withDefault(number(0, 1000), 1),
  mandatory: withDefault(truth(), false),
  validFrom: optional(time()),
  validUntil: optional(time()),
});

const actions: RecordReaders['actions'] = {
  ...actionFields,
  read: (value, pointer) => {
    const result = actionFields.read(value, pointer);
    if (!result.ok) return result;
    const { channelIds, validFrom, validUntil } = result.value;
    if (channelIds.length === 0)
      return err([{ pointer: `${pointer}/channelIds`, detail: 'must name at least one channel' }]);
    if (validFrom && validUntil && validUntil <= validFrom)
      return err([{ pointer: `${pointer}/validUntil`, detail: 'must be later than validFrom' }]);
    return result;
  },
};

const treatments = shape({
  actionId: id<ActionId>(),
  treatmentId: id<TreatmentId>(),
  channelId: id<ChannelId>(),
  locale: optional(locale()),
  title: text(500),
  body: text(20_000),
  contentId: optional(id<ContentId>()),
});

/** How each kind of record is read from JSON or from CSV cells. */
export function recordReaders(defaults: RecordDefaults): RecordReaders {
  return {
    'attribute-schemas': shape({ kind: oneOf(['account', 'contact']), attributes: attributeSchema() }),
    accounts,
    contacts,
    'team-members': teamMembers,
    assignments: shape({ accountId: id<AccountId>(), memberId: id<MemberId>() }),
    products: products(defaults),
    content,
    channels,
    'outcome-definitions': outcomeDefinitions,
    actions,
    treatments,
  };
}
