import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import type { DeskOrder, DeskReady } from '../support/desk-process.js';
import { Browser as Subscriber } from '../support/push-service.js';

/**
 * How the desk reaches its member when it is closed. The service worker, its pushes, notifications and taps are the real
 * browser's; only the browser maker's push service, which needs the internet, is stood in for.
 */
const EXECUTABLE = process.env['CHROMIUM'] || '/usr/bin/chromium';
const PICTURES = process.env['NBA_SCREENSHOTS'] ?? '';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const built = join(dirname(fileURLToPath(import.meta.url)), '../../dist/test/support/desk-process.js');
const subscription = new Subscriber('https://push.example.org/phone').toJSON();

let desk: ChildProcess;
let ready: DeskReady;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

async function ask(order: DeskOrder): Promise<void> {
  const answered = once(desk, 'message') as Promise<[{ problem?: string }]>;
  desk.send(order);
  const [{ problem }] = await answered;
  if (problem !== undefined) throw new Error(problem);
}

const mia = (email: string | null) =>
  ask({
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
  desk = fork(built, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  [ready] = (await once(desk, 'message')) as [DeskReady];
  await mia(null);
  browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  context = await browser.newContext({
    viewport: { width: 1380, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    permissions: ['notifications'],
  });
  await context.addInitScript({ content: standInForPushService });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (cause) => complaints.push(cause.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 401'))
      complaints.push(message.text());
  });
  await page.clock.setFixedTime(ready.now);
  await page.goto(ready.link);
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (desk?.connected) await ask({ stop: true });
  desk?.kill();
});

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

interface Violation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

/** Photographs the screen, and gives what axe-core has against it. */
async function looked(name: string): Promise<string[]> {
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = (await page.evaluate('window.axe.run()')) as { violations: Violation[] };
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html ?? ''})`);
}

/** The service worker, as the push service wakes it. */
async function worker(): Promise<Worker> {
  const [running] = context.serviceWorkers();
  return running ?? context.waitForEvent('serviceworker');
}

async function push(data: object): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: ready.url,
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
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('No e-mail address of yours is known').waitFor();
    expect(await looked('settings')).toEqual([]);
  });

  it('switch the digest: how often, at which hour, off', async () => {
    await mia('mia@nba.test');
    await page.reload();
    await page.getByLabel('Every working day').waitFor();
    expect(await page.getByLabel('Every working day').isChecked()).toBe(true);
    await page.getByLabel('Once a week').check();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('combobox', { name: 'At' }).selectOption('6');
    await page.getByText(/next .*06:00/).waitFor();
    expect(await looked('settings-digest')).toEqual([]);
    await page.reload();
    await page.getByRole('combobox', { name: 'At' }).waitFor();
    expect(await page.getByLabel('Once a week').isChecked()).toBe(true);
    await page.getByLabel('Never').check();
    await page.getByRole('combobox', { name: 'At' }).waitFor({ state: 'detached' });
  });

  it('let this device ring, by a service worker under the strict policy', async () => {
    const { headers } = { headers: (await page.request.get(`${ready.url}/service-worker.js`)).headers() };
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(headers['content-type']).toMatch('javascript');
    await page.getByRole('switch', { name: 'Ring on this device' }).check();
    await page.getByRole('switch', { name: /Say what it is about/ }).waitFor();
    expect(await looked('settings-push')).toEqual([]);
    await page.getByRole('button', { name: 'Ring once' }).click();
    await page.getByText('It will ring in a moment').waitFor();
    await page.reload();
    await page.getByRole('switch', { name: /Say what it is about/ }).waitFor();
    const saved = page.waitForResponse(
      (answer) => answer.url().endsWith('/push/subscriptions') && answer.status() === 201,
    );
    await page.getByRole('switch', { name: /Say what it is about/ }).uncheck();
    expect((await saved).request().postDataJSON()).toMatchObject({ detailed: false, language: 'en' });
  });

  it('speak Persian from right to left, also on a phone', async () => {
    await page.getByLabel('Language').selectOption('fa');
    await page.getByRole('heading', { name: 'تنظیمات' }).waitFor();
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
      await ask({ advance: 60_000 });
      await ask({
        event: { name: 'Page Viewed', properties: { channel: 'web', topic: 'side-effects', productId: 'P' } },
      });
    }
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.locator('.alert').first().waitFor();
    const alerts = await page.request.get(`${ready.url}/api/v1/alerts`);
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
    await page.goto(`${ready.url}/alerts/other`);
    await page.getByText('This alert is not here any more').waitFor();
    expect(await looked('alert-gone')).toEqual([]);
  });

  it('is no more for this device once she signed out', async () => {
    const devices = async () =>
      (
        (await (await page.request.get(`${ready.url}/api/v1/push/subscriptions`)).json()) as {
          items: object[];
        }
      ).items;
    expect(await devices()).toHaveLength(1);
    const removed = page.waitForRequest(
      (request) => request.method() === 'DELETE' && request.url().includes('/push/'),
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await removed;
    await page.getByText('sign-in-link --member').waitFor();
    expect(await page.evaluate(`localStorage.getItem('nba-push-device')`)).toBeNull();
  });

  it('and all of it ran without an error', () => {
    expect(complaints).toEqual([]);
  });
});
