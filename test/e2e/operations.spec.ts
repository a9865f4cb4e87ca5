import { afterEach, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;

afterEach(() => service.close());

describe('readiness', () => {
  it('names database, migrations, model and the TensorFlow.js backend', async () => {
    service = await startTestService({ config: { tensorflow: 'wasm' } });
    const { body } = await service.http.get('/health/ready').expect(200);
    expect(body.status).toBe('ok');
    expect(body.info).toMatchObject({
      database: { status: 'up' },
      migrations: { status: 'up' },
      model: { status: 'up', name: expect.any(String) },
      tensorflow: { status: 'up', backend: 'wasm' },
    });
  });
});

describe('every answer', () => {
  it('keeps browsers from misusing it, refusals too', async () => {
    service = await startTestService();
    const { authorization } = await service.key(['read']);
    const answers = [
      await service.http.get('/health/live').expect(200),
      await service.http.get('/api/v1/session').set({ authorization }).expect(200),
      await service.http.get('/api/v1/accounts').expect(401),
      await service.http.get('/nothing').expect(404),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("object-src 'none'"),
      });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });
});

describe('a process that only works', () => {
  it('serves health and metrics and nothing else', async () => {
    service = await startTestService({ config: { role: 'worker' } });
    await service.http.get('/health/live').expect(200);
    await service.http.get('/health/ready').expect(200);
    const { authorization } = await service.key(['admin']);
    await service.http.get('/metrics').set({ authorization }).expect(200);
    for (const path of [
      '/',
      '/docs',
      '/openapi.json',
      '/sign-in',
      '/healthy',
      '/metrics/more',
      '/api/v1/accounts',
    ]) {
      const answer = await service.http.get(path).set({ authorization }).expect(404);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    }
    await service.http.post('/v1/batch').set({ authorization }).send({ batch: [] }).expect(404);
    await service.http.put('/api/v1/accounts/a').set({ authorization }).send({ name: 'a' }).expect(404);
  });
});
