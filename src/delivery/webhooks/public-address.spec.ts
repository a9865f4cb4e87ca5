import { describe, expect, it } from '@jest/globals';
import { endpointUrlProblem, isPublicAddress } from './public-address.js';

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])(
    'is public when it is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    'fe80::1',
    'fd00::1',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'example.org',
    '',
  ])('is not public when it is %p', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('the URL of an endpoint', () => {
  it.each(['https://example.org/hooks?tenant=1', 'http://example.org:8080/', 'https://8.8.8.8/'])(
    'may be %s',
    (url) => expect(endpointUrlProblem(url, false)).toBeNull(),
  );

  it.each([
    'example.org',
    'ftp://example.org/',
    'file:///etc/passwd',
    'https://user:secret@example.org/',
    'https://example.org/#part',
  ])('is never %s', (url) => expect(endpointUrlProblem(url, true)).not.toBeNull());

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://１２７.0.0.1/',
    'http://10.0.0.8/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost:3000/',
    'http://LOCALHOST./',
    'http://printer.local/',
    'http://metadata.google.internal/',
  ])('is %s only where private addresses are allowed', (url) => {
    expect(endpointUrlProblem(url, false)).toMatch('NBA_WEBHOOK_ALLOW_PRIVATE');
    expect(endpointUrlProblem(url, true)).toBeNull();
  });
});
