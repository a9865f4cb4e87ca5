import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeskBrowser } from '../support/desk-browser.js';

/** The story of Dr. Jones by clicks, in a real browser; each screen is photographed and looked at by axe. */
const MINUTE = 60_000;

let desk: DeskBrowser;
let page: DeskBrowser['page'];
const looked = (name: string) => desk.looked(name);

beforeAll(async () => {
  desk = await DeskBrowser.open();
  ({ page } = desk);
}, 120_000);

afterAll(() => desk?.close());

describe('the desk', () => {
  it('tells whoever is not signed in how to', async () => {
    await page.goto(desk.ready.url);
    await page.getByText('sign-in-link --member').waitFor();
    expect(await looked('not-signed-in')).toEqual([]);
  });

  it('signs in by the printed link, once', async () => {
    await page.goto(desk.ready.link);
    expect(await looked('sign-in')).toEqual([]);
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Today', exact: true }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.suggestion').first().waitFor();
    expect(await looked('today')).toEqual([]);
    const again = await desk.newPage();
    await again.goto(desk.ready.link);
    expect(await again.getByRole('button').count()).toBe(0);
    await again.close();
  });

  it('shows the alert as soon as the page has been read twice', async () => {
    for (let time = 1; time <= 2; time += 1) {
      await desk.later(5 * MINUTE);
      await desk.ask({
        event: { name: 'Page Viewed', properties: { channel: 'web', topic: 'side-effects', productId: 'P' } },
      });
    }
    const alert = page.locator('.alert');
    await alert.getByText('read the side-effects page twice today').waitFor();
    await alert.getByText('2 events').click();
    expect(await alert.getByText('Next step').count()).toBe(1);
    expect(await looked('alert')).toEqual([]);
  });

  it('takes a dismissal back with one click', async () => {
    const card = page.locator('.suggestion').first();
    const title = (await card.locator('h2').textContent()) ?? '';
    await card.getByText('Dismiss').click();
    await card.getByText('Wrong time').click();
    await page.getByText('Dismissed', { exact: true }).last().waitFor();
    expect(await looked('dismissed')).toEqual([]);
    await page.locator('.notice').getByRole('button', { name: 'Undo', exact: true }).click();
    await page.locator('.suggestion h2', { hasText: title }).first().waitFor();
  });

  it('opens the account from the alert, and records the visit', async () => {
    await page.locator('.alert a').first().click();
    await page.getByRole('heading', { name: 'Clinic', exact: true }).waitFor();
    expect(await looked('account')).toEqual([]);
    await desk.later(30 * MINUTE);
    await page.getByRole('link', { name: 'Record a visit or call', exact: true }).click();
    await page.getByLabel('With whom').selectOption({ label: 'Dr. Jones' });
    await page.locator('select[name=channelId]').selectOption('visit');
    await page.getByLabel('What was said').fill('Hates e-mail. Wants to see what is known about efficacy.');
    await page.getByLabel('Topics').fill('side-effects, efficacy');
    await page.getByLabel('No more of').selectOption({ label: 'email · Marketing' });
    await page.getByLabel('Hand over to').selectOption({ label: 'medical liaison' });
    await page.getByLabel('About what').fill('What is known about efficacy');
    expect(await looked('visit')).toEqual([]);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByText(/One task was made/).waitFor();
    await page
      .getByText(/1|One planned touch was cancelled/)
      .first()
      .waitFor();
    expect(await looked('timeline')).toEqual([]);
  });

  it('shows the refusal among the consents, and what is known', async () => {
    await page.getByRole('link', { name: 'People and consents', exact: true }).click();
    await page
      .getByRole('row', { name: /^email/ })
      .first()
      .getByText('Refused')
      .first()
      .waitFor();
    expect(await looked('consents')).toEqual([]);
    await page.getByRole('link', { name: 'What we know', exact: true }).click();
    await page.getByText('Page Viewed').first().waitFor();
    expect(await looked('features')).toEqual([]);
  });

  it('lists accounts, alerts and tasks', async () => {
    await page.getByRole('link', { name: 'Accounts', exact: true }).click();
    await page.getByRole('searchbox').fill('clin');
    await page.getByRole('link', { name: /Clinic/ }).waitFor();
    expect(await looked('accounts')).toEqual([]);
    await page.getByRole('link', { name: /^Alerts/ }).click();
    await page.getByRole('button', { name: 'Got it', exact: true }).click();
    await page.getByText('Seen', { exact: true }).waitFor();
    expect(await looked('alerts')).toEqual([]);
    await page.getByRole('link', { name: /^Tasks/ }).click();
    await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
    expect(await looked('tasks')).toEqual([]);
  });

  it('speaks Persian from right to left', async () => {
    await page.getByRole('link', { name: /^Today/ }).click();
    await page.getByLabel('Language').selectOption('fa');
    await page.getByRole('heading', { name: 'امروز', exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
    await page
      .locator('.suggestion h2', { hasText: /[\u0600-\u06ff]/ })
      .first()
      .waitFor();
    expect(await looked('persian')).toEqual([]);
  });

  it('ran without an error, and nothing but its own files was loaded', () => {
    expect(desk.complaints).toEqual([]);
  });
});
