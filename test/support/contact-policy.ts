import type {
  ContactHistory,
  ContactRule,
  IntendedTouch,
  PastTouch,
  PolicySurroundings,
  RuleSet,
} from '../../src/contact-policy/index.js';

/** A Wednesday at noon in Berlin. */
export const NOW = new Date('2026-11-18T11:00:00Z');

export const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
export const inDays = (days: number): Date => daysAgo(-days);

type Loose<Value> = { [Key in keyof Value]?: unknown };

/** An e-mail of marketing to Ana; ids may be given as plain text. */
export function touch(changes: Loose<IntendedTouch> = {}): IntendedTouch {
  return {
    contactId: 'ana',
    channelId: 'email',
    channelKind: 'email',
    channelConsent: 'opt-out',
    purpose: 'marketing',
    actionId: 'newsletter',
    productIds: ['P'],
    topics: ['price'],
    performedBy: 'automatic',
    memberId: null,
    mandatory: false,
    viewerRole: null,
    productsAvailable: [],
    ...changes,
  } as IntendedTouch;
}

export function pastTouch(at: Date, changes: Loose<PastTouch> = {}): PastTouch {
  return {
    contactId: 'ana',
    channelId: 'email',
    purpose: 'marketing',
    actionId: 'newsletter',
    productIds: ['P'],
    at,
    ...changes,
  } as PastTouch;
}

export function surroundings(
  history: Loose<ContactHistory> = {},
  changes: Loose<PolicySurroundings> = {},
): PolicySurroundings {
  return {
    history: { accountId: 'acme', touches: [], dismissals: [], threads: [], quotes: [], ...history },
    consents: [],
    budgets: new Map(),
    timeZoneOf: () => 'Europe/Berlin',
    countryOf: 'DE',
    at: NOW,
    ...changes,
  } as PolicySurroundings;
}

type Unnamed = ContactRule extends infer Rule
  ? Rule extends ContactRule
    ? Omit<Rule, 'ruleId'>
    : never
  : never;

/** A rule under the id `rule`, or the id given. */
export function rule<Kind extends ContactRule['kind']>(
  spec: Unnamed & { kind: Kind },
  ruleId = 'rule',
): Extract<ContactRule, { kind: Kind }> {
  return { ruleId, ...spec } as Extract<ContactRule, { kind: Kind }>;
}

export const ruleSet = (...rules: ContactRule[]): RuleSet => ({ version: 1, rules });
