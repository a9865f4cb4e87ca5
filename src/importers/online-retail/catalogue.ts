import type {
  Action,
  ActionId,
  Channel,
  ChannelId,
  OutcomeDefinition,
  OutcomeId,
  Product,
  ProductId,
  Treatment,
  TreatmentId,
} from '../../catalogue/index.js';
import type { CatalogueStep } from '../plan.js';
import type { OrderLine } from './lines.js';

/** The file has no costs; a wholesaler of gifts is assumed to keep three tenths of the price. */
const MARGIN_SHARE = 0.3;
/** Articles that are offered as actions of their own: those that most customers bought. */
export const OFFERED_ARTICLES = 60;
/** DATA.md's training period ends here: what is offered is chosen without looking further. */
export const TRAINING_ENDS = '2011-11-01';

export interface Article {
  stockCode: string;
  name: string;
  revenue: number;
  quantity: number;
  /** Customers who bought it in the training period. */
  buyers: Set<string>;
}

export function articlesOf(lines: Iterable<OrderLine>): Article[] {
  const articles = new Map<string, Article>();
  for (const { stockCode, description, quantity, price, date, customerId } of lines) {
    const article = articles.get(stockCode) ?? {
      stockCode,
      name: description || stockCode,
      revenue: 0,
      quantity: 0,
      buyers: new Set<string>(),
    };
    article.revenue += quantity * price;
    article.quantity += quantity;
    if (date < TRAINING_ENDS) article.buyers.add(customerId);
    articles.set(stockCode, article);
  }
  return [...articles.values()];
}

export function retailCatalogue(articles: readonly Article[]): CatalogueStep[] {
  const offered = [...articles].sort((a, b) => b.buyers.size - a.buyers.size).slice(0, OFFERED_ARTICLES);
  return [
    { kind: 'products', records: articles.map(product) },
    { kind: 'channels', records: channels },
    { kind: 'outcome-definitions', records: [order] },
    { kind: 'actions', records: offered.map(action) },
    {
      kind: 'treatments',
      records: offered.flatMap((article) => channels.map((on) => treatment(article, on))),
    },
  ];
}

function product({ stockCode, name, revenue, quantity }: Article): Product {
  const price = round(revenue / quantity);
  return {
    productId: stockCode as ProductId,
    name,
    price,
    margin: round(price * MARGIN_SHARE),
    currency: 'GBP',
    topics: [],
    available: true,
  };
}

const PENCE = 100;
function round(pounds: number): number {
  return Math.round(pounds * PENCE) / PENCE;
}

const mail: Channel = {
  channelId: 'mail' as ChannelId,
  name: 'Catalogue by post',
  kind: 'mail',
  performedBy: 'automatic',
  costPerTouch: 0.8,
  leadTimeHours: 48,
  hours: null,
  consent: 'opt-out',
  capacityPerDay: null,
};
/** Nothing in the file says that anybody agreed to e-mail, so nobody gets any until they do. */
const email: Channel = {
  ...mail,
  channelId: 'email' as ChannelId,
  name: 'E-mail',
  kind: 'email',
  costPerTouch: 0.01,
  leadTimeHours: 0,
  consent: 'opt-in',
};
const workingDay: [string, string][] = [['09:00', '17:00']];
const call: Channel = {
  ...mail,
  channelId: 'call' as ChannelId,
  name: 'Telephone',
  kind: 'call',
  performedBy: 'account-manager',
  costPerTouch: 4,
  leadTimeHours: 0,
  hours: { mon: workingDay, tue: workingDay, wed: workingDay, thu: workingDay, fri: workingDay },
};
const channels = [mail, email, call];

const order: OutcomeDefinition = {
  outcomeId: 'order' as OutcomeId,
  event: 'Order Completed',
  where: null,
  withinDays: 30,
  value: 'double(event.properties.value)',
  engagement: false,
};

function action(article: Article): Action {
  /** What a usual order line of the article earns. */
  const perBuyer = (article.revenue * MARGIN_SHARE) / Math.max(1, article.buyers.size);
  return {
    actionId: `offer-${article.stockCode}` as ActionId,
    name: `Offer ${article.name}`,
    intent: 'offer',
    purpose: 'marketing',
    productIds: [article.stockCode as ProductId],
    topics: [],
    channelIds: channels.map(({ channelId }) => channelId),
    eligibility: null,
    outcomeId: order.outcomeId,
    value: round(perBuyer),
    discount: null,
    lever: 1,
    mandatory: false,
    validFrom: null,
    validUntil: null,
  };
}

function treatment({ stockCode, name }: Article, on: Channel): Treatment {
  return {
    actionId: `offer-${stockCode}` as ActionId,
    treatmentId: `offer-${stockCode}-${on.channelId}` as TreatmentId,
    channelId: on.channelId,
    locale: null,
    title: name,
    body: `${name} may sell well with what you already order from us.`,
    contentId: null,
  };
}
