import { describe, expect, it } from '@jest/globals';
import type { ConsentFact } from '../consent/index.js';
import type { ContactRule } from '../contact-policy/index.js';
import {
  action,
  channel,
  contact,
  happened,
  type Known,
  NOW,
  type Offering,
  product,
  request,
  treatment,
  world,
} from '../../test/support/recommender.js';
import {
  type Answer,
  type Question,
  recommend,
  type Request,
  suggestionKey,
  type SuggestionId,
  type World,
} from './index.js';

function answer(
  offering: Offering,
  known: Known = {},
  question: Partial<Question> = {},
  changes: Parameters<typeof world>[1] & { request?: Partial<Request> } = {},
): Answer {
  const { request: more = {}, ...rest } = changes;
  const [made] = recommend([request(known, question, { explain: true, ...more })], world(offering, rest));
  if (!made) throw new Error('One request has one answer');
  return made;
}
const actionsOf = ({ decision }: Answer): string[] => decision.suggestions.map(({ actionId }) => actionId);
const ruleOf = ({ considered }: Answer, actionId: string) =>
  considered?.find((candidate) => candidate.actionId === actionId)?.rule;

describe('candidates', () => {
  it('are actions valid now, with one of their products, on each of their channels', () => {
    const { considered } = answer({
      actions: [
        action('both', { channelIds: ['call', 'visit'], productIds: ['P', 'Q'] }),
        action('later', { validFrom: new Date(NOW.getTime() + 1) }),
        action('over', { validUntil: NOW }),
      ],
      channels: [channel('call'), channel('visit', { kind: 'visit' })],
      products: [product('P'), product('Q')],
    });
    expect(considered).toHaveLength(4);
    expect(new Set(considered?.map(({ actionId }) => actionId))).toEqual(new Set(['both']));
  });

  it('carry the words for the language of the contact: the very locale, else the language, else those for all', () => {
    const treatments = ['de-AT', 'de', null].map((locale) => treatment('a', `words-${locale}`, { locale }));
    const words = (locale: string) =>
      answer({ actions: [action('a')], treatments }, { contacts: [contact({ locale })] }).decision
        .suggestions[0]?.treatmentId;
    expect(words('de-AT')).toBe('words-de-AT');
    expect(words('de-CH')).toBe('words-de-AT');
    expect(words('fa')).toBe('words-null');
  });

  it('leave out e-mail for a contact whose addresses are known without one', () => {
    const mail = {
      actions: [action('a', { channelIds: ['email'] })],
      channels: [channel('email', { kind: 'email' })],
    };
    expect(actionsOf(answer(mail, { contacts: [contact({ email: null })] }))).toEqual([]);
    expect(actionsOf(answer(mail, { contacts: [contact({ email: null, phone: null })] }))).toEqual(['a']);
  });

  it('refuse where the eligibility is false, and where what it asks is not known, with the reason', () => {
    const offering: Offering = {
      actions: [
        action('no', { eligibility: 'account.attributes.beds > 500.0' }),
        action('yes', { eligibility: 'account.attributes.beds > 50.0 && features.reads14 >= 0.0' }),
        action('unknown', { eligibility: 'contact.attributes.age > 5.0' }),
      ],
      schemas: { account: { beds: { type: 'number' } }, contact: { age: { type: 'number' } } },
    };
    const made = answer(offering, { account: { attributes: { beds: 100 } } });
    expect(actionsOf(made)).toEqual(['yes']);
    expect(made.decision.suppressed).toEqual([{ rule: 'eligibility', count: 2 }]);
    expect(made.considered?.find(({ actionId }) => actionId === 'no')?.because).toContain('beds');
  });

  it('are performed by the member of the team with the role of the channel, by nobody in particular without one', () => {
    const offering: Offering = {
      actions: [action('a', { channelIds: ['call', 'liaison'] })],
      channels: [channel('call'), channel('liaison', { performedBy: 'medical-liaison' })],
    };
    const team = [{ accountId: 'acme', memberId: 'mia', role: 'account-manager' }] as Known['team'];
    const performers = answer(offering, team ? { team } : {}).decision.suggestions.map(
      ({ performedBy }) => performedBy,
    );
    expect(performers).toContainEqual({ role: 'account-manager', memberId: 'mia' });
    expect(performers).toContainEqual({ role: 'medical-liaison', memberId: null });
  });

  it('make a person-account its own contact', () => {
    const made = answer(
      { actions: [action('a')] },
      { account: { accountId: 'p', kind: 'person' }, contacts: [] },
    );
    expect(made.decision.suggestions[0]?.contactId).toBe('p');
  });
});

describe('contact policy', () => {
  const mails: Offering = {
    actions: [action('mail', { channelIds: ['email'], purpose: 'marketing' })],
    channels: [channel('email', { kind: 'email', consent: 'opt-in' })],
  };
  const fact = (changes: Partial<ConsentFact>): ConsentFact =>
    ({
      consentId: `c${Math.abs(changes.effectiveAt?.getTime() ?? 0)}`,
      accountId: 'acme',
      contactId: 'ana',
      channelId: 'email',
      purpose: '*',
      status: 'granted',
      source: 'contact',
      productId: null,
      topic: null,
      effectiveAt: new Date(0),
      expiresAt: null,
      recordedAt: new Date(0),
      recordedBy: 'test',
      wording: null,
      proof: null,
      ...changes,
    }) as ConsentFact;

  it('suggests nothing without consent and says why', () => {
    const made = answer(mails);
    expect(made.decision).toMatchObject({ suggestions: [], noAction: { reason: 'nothing-allowed' } });
    expect(made.decision.suppressed).toEqual([{ rule: 'consent', count: 1 }]);
  });

  it('takes only slots within which the consent holds, and expires when it lapses', () => {
    const expiresAt = new Date('2026-03-05T10:00:00Z');
    const { decision } = answer(mails, { consents: [fact({ expiresAt })] });
    expect(decision.suggestions[0]?.slot.to.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
    expect(decision.expiresAt.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
  });

  it('judges each contact of an account by its own consent', () => {
    const contacts = [contact(), contact({ contactId: 'bob', email: 'bob@example.test' })];
    const { decision } = answer(mails, { contacts, consents: [fact({})] }, { limit: 10 });
    expect(decision.suggestions.map(({ contactId }) => contactId)).toEqual(['ana']);
  });

  it('keeps quiet hours of the contact: slots lie in its own day', () => {
    const quiet: ContactRule = {
      ruleId: 'q' as ContactRule['ruleId'],
      kind: 'quiet-hours',
      from: '12:00',
      to: '08:00',
      restDays: 'country',
    };
    const contacts = [contact({ timeZone: 'Asia/Tehran' })];
    const { decision } = answer(
      { actions: [action('a')] },
      { contacts, account: { country: 'IR' } },
      {},
      { contactRules: [quiet] },
    );
    const [first] = decision.suggestions;
    expect(first?.slot.timeZone).toBe('Asia/Tehran');
    expect(first?.slot.from.toISOString()).toMatch(/T04:30/);
  });
});

describe('slots', () => {
  it('follow the hours in which the contact is active', () => {
    const channels = [
      channel('call', {
        hours: {
          thu: [
            ['09:00', '12:00'],
            ['14:00', '17:00'],
          ],
          fri: [['09:00', '12:00']],
        },
      }),
    ];
    const afternoons = [1, 2, 3, 4].map((week) => happened('Page Viewed', 24 * (7 * week - 1) - 3.5, {}));
    const slotFrom = (events: Known['events']) =>
      answer(
        { actions: [action('a')], channels },
        events ? { events } : {},
      ).decision.suggestions[0]?.slot.from.toISOString();
    expect(slotFrom([])).toBe('2026-03-05T08:00:00.000Z');
    expect(slotFrom(afternoons)).toBe('2026-03-05T13:00:00.000Z');
  });

  it('begin after the lead time of the channel, and refuse a channel without any hours', () => {
    const channels = [channel('call', { leadTimeHours: 48 }), channel('shut', { hours: {} })];
    const made = answer({ actions: [action('a'), action('b', { channelIds: ['shut'] })], channels });
    expect(made.decision.suggestions[0]!.slot.from.getTime()).toBeGreaterThanOrEqual(
      NOW.getTime() + 48 * 3_600_000,
    );
    expect(ruleOf(made, 'b')).toBe('quiet-hours');
  });
});

describe('arbitration', () => {
  it('orders by propensity × value × context × lever − cost', () => {
    const channels = [channel('call'), channel('visit', { kind: 'visit', costPerTouch: 1 })];
    const actions = [
      action('cheap', { value: 50 }),
      action('dear', { value: 500 }),
      action('lever', { value: 50, lever: 20 }),
    ];
    const { decision } = answer({ actions, channels });
    expect(decision.suggestions.map(({ actionId }) => actionId)).toEqual(['lever', 'dear', 'cheap']);
    for (const { propensity, value, context, lever, cost, priority } of decision.suggestions) {
      expect(priority).toBeCloseTo(propensity * value * context * lever - cost, 9);
    }
  });

  it('answers no action when nothing is worth its cost', () => {
    const { decision } = answer({
      actions: [action('a', { value: 1 })],
      channels: [channel('call', { costPerTouch: 50 })],
    });
    expect(decision).toMatchObject({
      suggestions: [],
      noAction: { reason: 'nothing-worthwhile' },
      chosen: 0,
    });
    expect(decision.arms).toEqual([{ candidate: null, probability: 1 }]);
  });

  it('gives a mandatory action the first place with probability 1, whatever its priority', () => {
    const actions = [action('rich', { value: 10_000 }), action('duty', { mandatory: true, value: 0 })];
    const { decision } = answer(
      { actions },
      {},
      {},
      { exploration: { mode: 'squarecb', gamma: 1, floor: 0.01, maxArms: 10 } },
    );
    expect(actionsOf({ decision, considered: null })).toEqual(['duty', 'rich']);
    expect(decision.suggestions[0]?.inclusionProbability).toBe(1);
    expect(decision.draw.mode).toBe('mandatory');
  });

  it('suggests a contact once on a channel while anything else is left', () => {
    const actions = [
      action('a', { value: 900 }),
      action('b', { value: 800 }),
      action('c', { value: 100, channelIds: ['visit'] }),
    ];
    const channels = [channel('call'), channel('visit', { kind: 'visit' })];
    expect(actionsOf(answer({ actions, channels }, {}, { limit: 3 }))).toEqual(['a', 'c', 'b']);
  });

  it('keeps the id of what is suggested again, and leaves out what is accepted', () => {
    const key = (actionId: string) =>
      suggestionKey({ actionId, contactId: 'ana', channelId: 'call', productId: null } as never);
    const openSuggestionIds = new Map([[key('a'), 'kept' as SuggestionId]]);
    const resting = new Map([[key('b'), { state: 'accepted' as const, until: null }]]);
    const made = answer({ actions: [action('a'), action('b')] }, { openSuggestionIds, resting });
    expect(made.decision.suggestions.map(({ suggestionId }) => suggestionId)).toEqual(['kept']);
    expect(ruleOf(made, 'b')).toBe('cool-down');
  });
});

describe('the moment', () => {
  const actions = [
    action('background', { value: 10_000 }),
    action('dosage', { topics: ['dosage'], value: 20 }),
    action('read-dosage', { topics: ['dosage'], value: 20, intent: 'content', channelIds: ['visit'] }),
  ];
  const channels = [channel('call'), channel('visit', { kind: 'visit' })];

  it('puts a need before background, even in the draw', () => {
    const exploration: World['exploration'] = { mode: 'squarecb', gamma: 0.001, floor: 0.01, maxArms: 10 };
    const seeds = Array.from({ length: 50 }, (_, index) => `seed ${index}`);
    const first = seeds.map((seed) =>
      answer(
        { actions, channels },
        {},
        { context: { need: 'asked about dosage' } },
        { exploration, request: { seed } },
      ),
    );
    expect(new Set(first.flatMap((made) => actionsOf(made)[0] ?? 'none'))).not.toContain('background');
  });

  it('silences a topic that was answered minutes ago, unless it is asked again or wanted now', () => {
    const answered = [
      happened('Question Asked', 0.5, { topic: 'dosage' }),
      happened('Question Answered', 0.2, { topic: 'dosage' }),
    ];
    const silent = answer({ actions, channels }, { events: answered });
    expect(actionsOf(silent)).toEqual(['background']);
    const again = answer(
      { actions, channels },
      { events: [...answered, happened('Question Asked', 0.1, { topic: 'dosage' })] },
    );
    expect(actionsOf(again)).toContain('dosage');
    const wanted = answer({ actions, channels }, { events: answered }, { context: { need: 'dosage' } });
    expect(actionsOf(wanted)[0]).toBe('read-dosage');
    const hours = answer(
      { actions, channels },
      { events: [happened('Question Answered', 2, { topic: 'dosage' })] },
    );
    expect(actionsOf(hours)).toContain('dosage');
  });

  it('does not follow a question up that was answered days ago, while other offers on the topic stand', () => {
    const following = { ...action('call-back', { topics: ['dosage'] }), intent: 'follow-up' as const };
    const offering = { actions: [...actions, following], channels };
    const days = (count: number) => count * 24;
    const asked = happened('Question Asked', days(4), { topic: 'dosage' });
    const answered = happened('Question Answered', days(3), { topic: 'dosage' });
    const made = (events: ReturnType<typeof happened>[]) => actionsOf(answer(offering, { events }));
    expect(made([asked])).toContain('call-back');
    expect(made([asked, answered])).not.toContain('call-back');
    expect(made([asked, answered])).toContain('read-dosage');
    expect(made([asked, answered, happened('Question Asked', 5, { topic: 'dosage' })])).toContain(
      'call-back',
    );
    const long = [
      happened('Question Asked', days(16), { topic: 'dosage' }),
      happened('Question Answered', days(15), { topic: 'dosage' }),
    ];
    expect(made(long)).toContain('call-back');
  });

  it('does not send what was read minutes ago, while an offer to talk about it stands', () => {
    const read = answer(
      { actions, channels },
      { events: [happened('Content Viewed', 0.2, { topic: 'dosage' })] },
    );
    expect(actionsOf(read)).toContain('dosage');
    expect(actionsOf(read)).not.toContain('read-dosage');
  });

  it('weighs a topic and a product of the moment twice', () => {
    const contextOf = (context: Question['context']) =>
      answer({ actions, channels }, {}, { context }).decision.suggestions.find(
        ({ actionId }) => actionId === 'dosage',
      )?.context;
    expect(contextOf({})).toBe(1);
    expect(contextOf({ topic: 'dosage' })).toBe(2);
  });
});

describe('the holdout', () => {
  it('is answered by the declared rules, and the record says so', () => {
    const offering: Offering = { actions: [action('a')] };
    const { baseline } = world(offering);
    const model = Object.create(baseline, { name: { value: 'champion' } }) as World['model'];
    expect(answer(offering, {}, {}, { model, holdoutShare: 0 }).decision.versions.model).toBe('champion:1');
    expect(answer(offering, {}, {}, { model, holdoutShare: 1 }).decision.versions.model).toBe(
      'fallback-rules:1',
    );
  });
});

describe('many accounts', () => {
  it('are answered each as if alone', () => {
    const offering: Offering = { actions: [action('a', { topics: ['dosage'] }), action('b', { value: 80 })] };
    const requests = ['x', 'y', 'z'].map((accountId, index) =>
      request(
        {
          account: { accountId },
          contacts: [contact({ contactId: 'ana', accountId })],
          events: Array.from({ length: index * 5 }, () => happened('Page Viewed', 30, { topic: 'dosage' })),
        },
        {},
        { seed: accountId },
      ),
    );
    const shared = world(offering);
    const together = recommend(requests, shared).map(({ decision }) => decision.arms);
    const alone = requests.map((one) => recommend([one], shared)[0]?.decision.arms);
    expect(together).toEqual(alone);
  });
});
