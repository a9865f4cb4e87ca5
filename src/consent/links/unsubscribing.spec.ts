import { describe, expect, it } from '@jest/globals';
import type { Channel, ChannelId, ContactId } from '../../catalogue/index.js';
import type { ConsentFact } from '../consent.js';
import { unsubscribing } from './unsubscribing.js';

const channel = (channelId: string, kind: Channel['kind']): [ChannelId, Channel] => [
  channelId as ChannelId,
  { channelId, kind } as Channel,
];
const channels = new Map([channel('email', 'email'), channel('news', 'email'), channel('text', 'sms')]);
const subject = {
  contactId: 'kim' as ContactId,
  channelId: 'text' as ChannelId,
  purpose: 'marketing' as const,
  touchId: 't',
};
const fact = (changes: object): ConsentFact =>
  ({
    channelId: 'email',
    purpose: 'marketing',
    status: 'withdrawn',
    productId: null,
    topic: null,
    effectiveAt: new Date(1),
    expiresAt: null,
    ...changes,
  }) as ConsentFact;
const said = (known: ConsentFact[]) =>
  unsubscribing(subject, channels, known).map(({ channelId }) => channelId);

describe('one click', () => {
  it('stops the channel that carried it and all e-mail, for its purpose', () => {
    expect(unsubscribing(subject, channels, [])).toMatchObject([
      { channelId: 'email', purpose: 'marketing', status: 'withdrawn', source: 'link' },
      { channelId: 'news' },
      { channelId: 'text', proof: 'link in touch t' },
    ]);
  });

  it('says nothing twice', () => {
    expect(said([fact({})])).toEqual(['news', 'text']);
    expect(said([fact({}), fact({ channelId: 'news' }), fact({ channelId: 'text' })])).toEqual([]);
  });

  it('says it again where it no longer stands, ends by itself, or was about something else', () => {
    const again = ['email', 'news', 'text'];
    expect(said([fact({}), fact({ status: 'granted', effectiveAt: new Date(2) })])).toEqual(again);
    expect(said([fact({}), fact({ channelId: '*', status: 'granted', effectiveAt: new Date(2) })])).toEqual(
      again,
    );
    expect(said([fact({ expiresAt: new Date(9) })])).toEqual(again);
    expect(said([fact({ productId: 'P' }), fact({ topic: 't' }), fact({ purpose: 'sales' })])).toEqual(again);
  });
});
