import type { ContactRule, RuleId } from './rule.js';

const id = (text: string): RuleId => text as RuleId;

/** Rules of a new deployment: data to start from, to be edited over PUT /contact-rules/{ruleId}. */
export const standardRules: readonly ContactRule[] = [
  {
    ruleId: id('cap-marketing-email'),
    kind: 'cap',
    limit: 3,
    days: 7,
    per: 'contact',
    channelKind: 'email',
    purpose: 'marketing',
  },
  { ruleId: id('cap-all-touches'), kind: 'cap', limit: 6, days: 14, per: 'contact' },
  {
    ruleId: id('rest-after-already-done'),
    kind: 'cool-down',
    days: 60,
    after: 'already-done',
    scope: 'action',
  },
  // What was carried out awaits its outcome first; a touch that was no suggestion rests for `rest-after-touch` alone.
  { ruleId: id('rest-after-completed'), kind: 'cool-down', days: 14, after: 'completed', scope: 'action' },
  { ruleId: id('rest-after-wrong-time'), kind: 'cool-down', days: 3, after: 'wrong-time', scope: 'action' },
  {
    ruleId: id('rest-after-wrong-product'),
    kind: 'cool-down',
    days: 90,
    after: 'wrong-product',
    scope: 'product',
  },
  {
    ruleId: id('rest-after-wrong-channel'),
    kind: 'cool-down',
    days: 60,
    after: 'wrong-channel',
    scope: 'channel',
  },
  {
    ruleId: id('rest-after-not-compliant'),
    kind: 'cool-down',
    days: 365,
    after: 'not-compliant',
    scope: 'action',
  },
  { ruleId: id('rest-after-other'), kind: 'cool-down', days: 7, after: 'other', scope: 'action' },
  { ruleId: id('rest-after-touch'), kind: 'cool-down', days: 3, after: 'touch', scope: 'action' },
  { ruleId: id('quiet-hours'), kind: 'quiet-hours', from: '20:00', to: '08:00', restDays: 'country' },
  {
    ruleId: id('hold-conversation'),
    kind: 'conversation-hold',
    silences: ['marketing'],
    while: 'conversation',
    days: 14,
  },
  {
    ruleId: id('hold-complaint'),
    kind: 'conversation-hold',
    silences: ['sales', 'marketing'],
    while: 'complaint',
    days: 365,
  },
  {
    ruleId: id('hold-visit-follow-up'),
    kind: 'conversation-hold',
    silences: ['marketing'],
    while: 'visit-follow-up',
    days: 14,
  },
  { ruleId: id('offer-lock'), kind: 'offer-lock', days: 30 },
  { ruleId: id('reach-new-actions'), kind: 'reach', startShare: 0.1, fullAt: 200, from: 1000 },
  { ruleId: id('budget-account-manager'), kind: 'budget', role: 'account-manager', perDay: 15 },
  {
    ruleId: id('firewall-medical'),
    kind: 'firewall',
    topics: ['off-label', 'adverse-event'],
    hideFrom: ['account-manager', 'sales-manager', 'marketing'],
  },
  // Side effects stand on the label: that a doctor read the page is told to her account manager, who may offer to talk
  // about it or bring in the liaison. What she asks about them is a medical enquiry, and not for sales.
  {
    ruleId: id('firewall-medical-enquiries'),
    kind: 'firewall',
    of: 'enquiries',
    topics: ['side-effects', 'interactions'],
    hideFrom: ['account-manager', 'sales-manager', 'marketing'],
  },
];
