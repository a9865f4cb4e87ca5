import { describe, expect, it } from '@jest/globals';
import type { ChannelId, ContactId } from '../../catalogue/index.js';
import type { ConsentId } from '../consent.js';
import { SignedPreferenceLinks } from './signed-links.js';

const links = new SignedPreferenceLinks('https://nba.example', 'a key of the deployment');
const ana = 'ana/… 1' as ContactId;
const url = links.unsubscribeUrl(ana, 'email' as ChannelId, 'marketing', 'touch-1');
const token = url.slice('https://nba.example/u/'.length);

describe('SignedPreferenceLinks', () => {
  it('makes a link that tells for whom and for what it was made', () => {
    expect(url).toMatch(/^https:\/\/nba\.example\/u\/[\w-]+\.[\w-]+$/);
    expect(links.read(token)).toEqual({
      contactId: ana,
      channelId: 'email',
      purpose: 'marketing',
      touchId: 'touch-1',
    });
  });

  it('does not read a link that was changed in any character', () => {
    for (let place = 0; place < token.length; place += 1) {
      const other = token[place] === 'A' ? 'B' : 'A';
      const forged = `${token.slice(0, place)}${other}${token.slice(place + 1)}`;
      const decoded = links.read(forged);
      // base64url has spare bits at its end, which name the same bytes
      if (place < token.length - 1) expect(decoded).toBeNull();
    }
  });

  it.each(['', '.', 'a.b', `${token}.x`, token.split('.')[0] ?? '', `.${token.split('.')[1]}`])(
    'does not read "%s"',
    (forged) => {
      expect(links.read(forged)).toBeNull();
    },
  );

  it('does not read a link of another key', () => {
    expect(new SignedPreferenceLinks('https://nba.example', 'another key').read(token)).toBeNull();
  });

  it('makes links to the preference page and to confirm, which open nothing else', () => {
    const until = new Date('2026-06-01T00:00:00Z');
    const tokenOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);
    const page = tokenOf(links.preferencesUrl({ contactId: ana, touchId: null, until }));
    const confirm = tokenOf(links.confirmationUrl({ contactId: ana, consentId: 'c' as ConsentId, until }));
    expect(links.readPreferences(page)).toEqual({ contactId: ana, touchId: null, until });
    expect(links.readConfirmation(confirm)).toEqual({ contactId: ana, consentId: 'c', until });
    for (const other of [confirm, token, 'x']) expect(links.readPreferences(other)).toBeNull();
    for (const other of [page, token, 'x']) expect(links.readConfirmation(other)).toBeNull();
    for (const other of [page, confirm]) expect(links.read(other)).toBeNull();
  });
});
