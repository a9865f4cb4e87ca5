import { describe, expect, it } from '@jest/globals';
import { actionsOf, answer, ruleOf } from '../../test/support/answering.js';
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
import { recommend, suggestionKey, type SuggestionId, type World } from './index.js';

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
