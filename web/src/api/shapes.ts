/** What the service answers with, as far as the desk reads it. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface Session {
  /** Null: the operator. */
  member: { memberId: string; name: string; timeZone: string | null; locale: string | null } | null;
  role: string | null;
  scopes: string[];
}

export interface Evidence {
  eventId: string;
  name: string;
  at: string;
}

export interface Reason {
  code: string;
  text: string;
  evidence: Evidence[];
}

export type SuggestionState =
  | 'open'
  | 'seen'
  | 'accepted'
  | 'snoozed'
  | 'dismissed'
  | 'completed'
  | 'expired'
  | 'withdrawn'
  | 'superseded';

export interface Slot {
  from: string;
  to: string;
  timeZone: string;
}

export interface Told {
  at: string;
  channelId: string | null;
  by: { memberId: string | null; name: string | null };
  title: string;
  eventId: string;
}

export interface Suggestion {
  suggestionId: string;
  accountId: string;
  rank: number;
  headline: string;
  action: { id: string; name: string; intent: string; purpose: string };
  productId: string | null;
  channelId: string;
  contactId: string;
  performedBy: { role: string; memberId: string | null };
  slot: Slot;
  propensity: number;
  value: number;
  priority: number;
  reasons: Reason[];
  alreadyTold: Told[];
  names: {
    account: string | null;
    contact: string | null;
    channel: string | null;
    product: string | null;
    content: string | null;
    member: string | null;
  };
  /** The last one who said more than that it was seen. */
  taken: { kind: string; memberId: string | null; name: string | null; at: string } | null;
  state: SuggestionState;
  because: string | null;
  snoozedUntil: string | null;
  verifiedAt: string;
  expiresAt: string;
}

export type DismissalReason =
  'already-done' | 'wrong-time' | 'wrong-product' | 'wrong-channel' | 'not-compliant' | 'other';

export interface Responded {
  suggestionId: string;
  accountId: string;
  state: SuggestionState;
  responseId: string | null;
  undoUntil: string | null;
}

export interface Alert {
  alertId: string;
  ruleId: string;
  raisedAt: string;
  accountId: string;
  contactId: string | null;
  memberId: string | null;
  priority: number;
  title: string;
  message: string;
  evidence: Evidence[];
  suggestion: Suggestion | null;
  because: string | null;
  state: string;
  validUntil: string;
}

export interface TimelineItem {
  at: string;
  kind: string;
  title: string;
  channelId: string | null;
  memberId: string | null;
  contactId: string | null;
  topics: string[];
  sentiment: number | null;
  conversationId: string | null;
  eventId: string | null;
  id?: string;
}

export interface Account {
  accountId: string;
  name: string | null;
  kind: string;
  segment: string | null;
  region: string | null;
  country: string | null;
  timeZone: string | null;
  mode: 'assisted' | 'automated';
  stub: boolean;
}

export interface Contact {
  contactId: string;
  accountId: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  timeZone: string | null;
  locale: string | null;
}

export interface Feature {
  name: string;
  key?: string;
  value: number | null;
  unit: string;
  description: string;
  shares?: number[];
  evidence: Evidence[];
}

export interface ConsentStanding {
  channelId: string;
  purpose: 'marketing' | 'sales' | 'medical' | 'service' | 'research';
  allowed: boolean;
  because: string;
  until?: string;
}

export interface ConsentFact {
  consentId: string;
  channelId: string;
  purpose: string;
  status: string;
  source: string;
  effectiveAt: string;
  recordedAt: string;
  recordedBy: string;
  topic: string | null;
  productId: string | null;
}

export interface Consents {
  status: ConsentStanding[];
  history: ConsentFact[];
}

export interface ConsentAnswer {
  withdrawnSuggestions: string[];
  cancelledTouches: string[];
  inFlight: string[];
}

export interface Channel {
  channelId: string;
  name: string;
  kind: string;
}

export interface Task {
  taskId: string;
  kind: string;
  state: string;
  accountId: string;
  contactId: string | null;
  role: string | null;
  memberId: string | null;
  about: string;
  dueAt: string | null;
  overdue: boolean;
  createdAt: string;
}

export interface VisitAnswer extends ConsentAnswer {
  tasks: { taskId: string }[];
}

export interface Recommendation {
  decisionId: string;
  noAction: { reason: string } | null;
  suggestions: Suggestion[];
}

/** A browser in which the member's alerts ring. */
export interface PushDevice {
  subscriptionId: string;
  service: string;
  device: string | null;
  detailed: boolean;
  createdAt: string;
  rangAt: string | null;
}

export interface DigestSetting {
  cadence: 'off' | 'daily' | 'weekly';
  hour: number;
  byDefault: boolean;
  timeZone: string;
  country: string | null;
  email: string | null;
  nextAt: string | null;
  last: { period: string; state: string; because: string | null } | null;
}

export interface Double {
  accountId: string;
  name: string | null;
  similarity: number;
  shared: { kind: string; name: string; value: string | number | boolean | null }[];
}

export interface ProductGap {
  productId: string;
  name: string | null;
  boughtByShare: number;
  medianValue: number;
  ownValue: number;
  gap: number;
  gapLow: number;
  gapHigh: number;
}

export interface Approach {
  actionId: string;
  actionName: string | null;
  channelId: string;
  channelName: string | null;
  tried: number;
  succeeded: number;
  rate: number;
  low: number;
  high: number;
}

export interface Doubles {
  asOf: string | null;
  basis: { by: 'model' | 'features'; version: string } | null;
  because: 'too-few-comparable' | 'not-looked-at-yet' | null;
  leastDoubles: number;
  comparedDays: number;
  doubles: Double[];
  hiddenDoubles: number;
  products: ProductGap[];
  approaches: Approach[];
}
