import { describe, expect, it } from '@jest/globals';
import type { PreferenceLinks } from '../consent/index.js';
import type { OwnTouch } from '../events/index.js';
import {
  account,
  action,
  catalogue,
  channel,
  contact,
  product,
  treatment,
} from '../../test/support/recommender.js';
import { mailOf, matterOf, requestOf, wordsOf } from './begin-touch-words.js';

const links: Partial<PreferenceLinks> = {
  unsubscribeUrl: () => 'https://nba.test/u/x',
  preferencesUrl: () => 'https://nba.test/preferences/x',
};
const offered = catalogue({
  actions: [action('remind', { channelIds: ['email'], purpose: 'marketing' })],
  channels: [channel('email', { kind: 'email' })],
  products: [product('P', { name: 'Pulmo', price: 1234.5 })],
  treatments: [
    treatment('remind', 'en', {
      channelId: 'email',
      locale: 'en-GB',
      title: 'About\n{product.name}',
      body: 'Dear {contact.name}, {product.price}. https://x.test/a',
    }),
  ],
});

const touch: { [Key in keyof OwnTouch['touch']]: unknown } = {
  touchId: 'touch_1',
  accountId: 'acme',
  contactId: 'ana',
  channelId: 'email',
  purpose: 'marketing',
  actionId: 'remind',
  productIds: [],
  topics: [],
  role: 'automatic',
  memberId: null,
  state: 'planned',
  at: new Date('2026-03-04T11:00:00Z'),
};
const planned: { [Key in keyof OwnTouch['plan']]?: unknown } = {
  treatmentId: 'en',
  productId: 'P',
  contentId: null,
  suggestionId: 's',
  decisionId: 'd',
  slot: { from: new Date(0), to: new Date('2026-03-04T12:00:00Z'), timeZone: 'Europe/Berlin' },
};
const own = (plan: object = {}, changes: object = {}): OwnTouch => {
  const made: { [Key in keyof OwnTouch]: unknown } = {
    touch: { ...touch, ...changes },
    plan: { ...planned, ...plan },
  };
  return made as OwnTouch;
};

const matter = (people: { contact?: object } = {}, plan: object = {}) => {
  const found = matterOf(own(plan), { account: account(), contacts: [contact(people.contact)] }, offered);
  if (!found) throw new Error('nothing is known of it');
  return found;
};

describe('the words of a touch', () => {
  it('are the treatment with what is known, on one line as a title, in its own language', () => {
    expect(wordsOf(own(), matter(), links as PreferenceLinks)).toEqual({
      ok: true,
      value: {
        title: 'About Pulmo',
        body: 'Dear Ana, €1,234.50. https://x.test/a?touchId=touch_1',
        language: 'en-GB',
        unsubscribeUrl: 'https://nba.test/u/x',
        preferencesUrl: 'https://nba.test/preferences/x',
      },
    });
  });

  it('are missing when they name what is not known', () => {
    expect(wordsOf(own(), matter({ contact: { name: null } }), links as PreferenceLinks)).toMatchObject({
      ok: false,
      error: 'Its wording names contact.name, which is not known here.',
    });
  });

  it('are none where the action has none on the channel', () => {
    expect(wordsOf(own(), matter({}, { treatmentId: 'gone' }), links as PreferenceLinks)).toEqual({
      ok: true,
      value: null,
    });
  });

  it('go to an address, or to nobody', () => {
    const words = wordsOf(own(), matter(), links as PreferenceLinks);
    if (!words.ok || !words.value) throw new Error('no words');
    expect(mailOf(own(), matter(), words.value)).toMatchObject({
      mailId: 'touch_1',
      to: { name: 'Ana', address: 'ana@example.test' },
      subject: 'About Pulmo',
      unsubscribe: { url: 'https://nba.test/u/x' },
    });
    expect(mailOf(own(), matter({ contact: { email: null } }), words.value)).toBeNull();
  });

  it('are all that a connector needs, with the end of its slot', () => {
    expect(requestOf(own(), matter(), null)).toMatchObject({
      touchId: 'touch_1',
      contact: { name: 'Ana', email: 'ana@example.test', phone: '+49 30 1' },
      channelKind: 'email',
      title: null,
      notAfter: '2026-03-04T12:00:00.000Z',
    });
  });

  it.each([
    ['contact', { contactId: 'gone' }, {}],
    ['action', { actionId: 'gone' }, {}],
    ['product', {}, { productId: 'gone' }],
  ])('are about nothing when the %s is no longer kept', (_, changes, plan) => {
    expect(matterOf(own(plan, changes), { account: account(), contacts: [contact()] }, offered)).toBeNull();
  });
});
