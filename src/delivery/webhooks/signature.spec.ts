import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { freshSecret, signature, signedHeaders } from './signature.js';

describe('the signature of a webhook', () => {
  it('is the one that the published vector has', () => {
    expect(
      signature(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is taken by the official verifier with either of two secrets, and with no third one', () => {
    const [fresh, old, foreign] = [freshSecret(), freshSecret(), freshSecret()];
    const body = JSON.stringify({ type: 'alert.raised', data: { title: 'سلام – günaydın' } });
    const headers = signedHeaders([fresh, old], 'msg_1', new Date(), body);
    expect(new Webhook(fresh).verify(body, headers)).toEqual(JSON.parse(body));
    expect(new Webhook(old).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(foreign).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(fresh).verify(`${body} `, headers)).toThrow('No matching signature');
  });
});

describe('a secret', () => {
  it('is whsec_ and 32 random bytes', () => {
    const secrets = new Set(Array.from({ length: 100 }, freshSecret));
    expect(secrets.size).toBe(100);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    }
  });
});
