import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Worker } from 'playwright-core';
import { DeskBrowser } from '../support/desk-browser.js';
import { Browser as Subscriber } from '../support/push-service.js';

/**
 * How the desk reaches its member when it is closed. The service worker, its pushes, notifications and taps are the real
 * browser's; only the browser maker's push service, which needs the internet, is stood in for.
 */
const subscription = new Subscriber('https://push.example.org/phone').toJSON();

let desk: DeskBrowser;
let page: DeskBrowser['page'];
const looked = (name: string) => desk.looked(name);

const mia = (email: string | null) =>
  desk.ask({
    put: {
      path: 'team-members/mia',
      body: {
        name: 'Mia',
        role: 'account-manager',
        locale: 'en',
        timeZone: 'Europe/Berlin',
        ...(email ? { email } : {}),
      },
    },
  });

beforeAll(async () => {
  desk = await DeskBrowser.open({ permissions: ['notifications'] });
  ({ page } = desk);
  await mia(null);
  await desk.context.addInitScript({ content: standInForPushService });
  await page.goto(desk.ready.link);
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'Today', exact: true }).waitFor();
}, 120_000);

afterAll(() => desk?.close());

/** Runs in the page: what `PushManager` says that cannot ask its push service. */
const standInForPushService = `(() => {
  const { endpoint, keys } = ${JSON.stringify(subscription)};
  let bound = null;
  const found = () => ({
    endpoint,
    options: { applicationServerKey: bound },
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => { localStorage.removeItem('stand-in'); return true; },
  });
  Object.assign(PushManager.prototype, {
    async subscribe({ applicationServerKey }) {
      localStorage.setItem('stand-in', 'on');
      bound = applicationServerKey.buffer;
      return found();
    },
    async getSubscription() { return localStorage.getItem('stand-in') === 'on' ? found() : null; },
  });
})()`;

/** The service worker, as the push service wakes it. */
async function worker(): Promise<Worker> {
  const [running] = desk.context.serviceWorkers();
  return running ?? desk.context.waitForEvent('serviceworker');
}

async function push(data: object): Promise<void> {
  const devtools = await desk.context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: desk.ready.url,
    registrationId: await registered,
    data: JSON.stringify(data),
  });
  await devtools.detach();
}

const shown = async (): Promise<{ title: string; body: string; dir: string; tag: string }[]> =>
  (await worker()).evaluate(`self.registration.getNotifications().then((all) =>
    all.map(({ title, body, dir, tag }) => ({ title, body, dir, tag })))`);

async function eventuallyShown(count: number): Promise<Awaited<ReturnType<typeof shown>>> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const notes = await shown();
    if (notes.length === count || Date.now() > deadline) return notes;
    await page.waitForTimeout(50);
  }
}

describe('the settings', () => {
  it('say what is missing where no address is known', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByText('No e-mail address of yours is known').waitFor();
    expect(await looked('settings')).toEqual([]);
  });

  it('switch the digest: how often, at which hour, off', async () => {
    await mia('mia@nba.test');
    await page.reload();
    await page.getByLabel('Every working day').waitFor();
    expect(await page.getByLabel('Every working day').isChecked()).toBe(true);
    await page.getByLabel('Once a week').click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('combobox', { name: 'At' }).selectOption('6');
    await page.getByText(/next .*06:00/).waitFor();
    expect(await looked('settings-digest')).toEqual([]);
    await page.reload();
    await page.getByRole('combobox', { name: 'At' }).waitFor();
    expect(await page.getByLabel('Once a week').isChecked()).toBe(true);
    await page.getByLabel('Never').click();
    await page.getByRole('combobox', { name: 'At' }).waitFor({ state: 'detached' });
  });

  it('let this device ring, by a service worker under the strict policy', async () => {
    const { headers } = {
      headers: (await page.request.get(`${desk.ready.url}/service-worker.js`)).headers(),
    };
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(headers['content-type']).toMatch('javascript');
    await page.getByRole('switch', { name: 'Ring on this device' }).click();
    await page.getByRole('switch', { name: /Say what it is about/ }).waitFor();
    expect(await looked('settings-push')).toEqual([]);
    await page.getByRole('button', { name: 'Ring once' }).click();
    await page.getByText('It will ring in a moment').waitFor();
    await page.reload();
    await page.getByRole('switch', { name: /Say what it is about/ }).waitFor();
    const saved = page.waitForResponse(
      (answer) => answer.url().endsWith('/push/subscriptions') && answer.status() === 201,
    );
    await page.getByRole('switch', { name: /Say what it is about/ }).click();
    expect((await saved).request().postDataJSON()).toMatchObject({ detailed: false, language: 'en' });
  });

  it('speak Persian from right to left, also on a phone', async () => {
    await page.getByLabel('Language').selectOption('fa');
    await page.getByRole('heading', { name: 'تنظیمات', exact: true }).waitFor();
    expect(await looked('settings-fa')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await looked('settings-fa-phone')).toEqual([]);
    await page.setViewportSize({ width: 1380, height: 900 });
    await page.getByLabel('زبان').selectOption('en');
  });
});

describe('a push', () => {
  let alertId: string;

  beforeAll(async () => {
    for (let time = 1; time <= 2; time += 1) {
      await desk.ask({ advance: 60_000 });
      await desk.ask({
        event: { name: 'Page Viewed', properties: { channel: 'web', topic: 'side-effects', productId: 'P' } },
      });
    }
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.locator('.alert').first().waitFor();
    const alerts = await page.request.get(`${desk.ready.url}/api/v1/alerts`);
    const { items } = (await alerts.json()) as { items: { alertId: string }[] };
    alertId = items[0]?.alertId ?? '';
  });

  it('shows a notification in words, once however often it comes', async () => {
    const note = {
      kind: 'alert',
      id: alertId,
      language: 'en',
      title: 'Dr. Jones read the side-effects page',
    };
    await push(note);
    await push(note);
    expect(await eventuallyShown(1)).toEqual([
      { title: note.title, body: 'A new alert', dir: 'ltr', tag: `alert:${alertId}` },
    ]);
  });

  it('opens the alert when it is tapped, in the desk that is open', async () => {
    await page.getByRole('link', { name: 'Tasks' }).click();
    await (
      await worker()
    ).evaluate(`self.registration.getNotifications().then(([notification]) => {
      self.clients.openWindow = () => Promise.reject(new Error('there is a desk already'));
      WindowClient.prototype.focus = async function () { return this; };
      self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
    })`);
    await page.waitForURL(`**/alerts/${alertId}`);
    await page.getByRole('heading', { name: 'Alert', exact: true }).waitFor();
    await page.locator('.alert').waitFor();
    expect(await looked('alert-opened')).toEqual([]);
    expect(await eventuallyShown(0)).toEqual([]);
  });

  it('says no more than that there is something, where it should not, and in Persian', async () => {
    await push({ kind: 'alert', id: 'other', language: 'fa' });
    expect(await eventuallyShown(1)).toEqual([
      { title: 'هشدار تازه', body: 'برای دیدن آن، میز کار را باز کنید.', dir: 'rtl', tag: 'alert:other' },
    ]);
    await page.goto(`${desk.ready.url}/alerts/other`);
    await page.getByText('This alert is not here any more').waitFor();
    expect(await looked('alert-gone')).toEqual([]);
  });

  it('is no more for this device once she signed out', async () => {
    const devices = async () =>
      (
        (await (await page.request.get(`${desk.ready.url}/api/v1/push/subscriptions`)).json()) as {
          items: object[];
        }
      ).items;
    expect(await devices()).toHaveLength(1);
    const removed = page.waitForRequest(
      (request) => request.method() === 'DELETE' && request.url().includes('/push/'),
    );
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await removed;
    await page.getByText('sign-in-link --member').waitFor();
    expect(await page.evaluate(`localStorage.getItem('nba-push-device')`)).toBeNull();
  });

  it('and all of it ran without an error', () => {
    expect(desk.complaints).toEqual([]);
  });
});
