import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import type { DeskOrder, DeskReady } from './desk-process.js';

const EXECUTABLE = process.env['CHROMIUM'] || '/usr/bin/chromium';
const PICTURES = process.env['NBA_SCREENSHOTS'] ?? '';
const BUILT = join(dirname(fileURLToPath(import.meta.url)), '../../dist/test/support/desk-process.js');
/** For a click or a wait; a machine that does much else is slow. */
const PATIENCE = 20_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

/** The service in a process of its own, and a real browser on its desk. Clocks of both go together. */
export class DeskBrowser {
  /** What the browser's console complained of. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly desk: ChildProcess,
    readonly ready: DeskReady,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (cause) => this.complaints.push(cause.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 401'))
        this.complaints.push(message.text());
    });
  }

  static async open(options: BrowserContextOptions = {}): Promise<DeskBrowser> {
    const desk = fork(BUILT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const [ready] = (await once(desk, 'message')) as [DeskReady];
    const browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    const context = await browser.newContext({
      viewport: { width: 1380, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...options,
    });
    const opened = new DeskBrowser(desk, ready, browser, context, await context.newPage());
    await opened.page.clock.setFixedTime(ready.now);
    return opened;
  }

  /** Gives the time of the service's clock. */
  async ask(order: DeskOrder): Promise<string> {
    const answered = once(this.desk, 'message') as Promise<[{ now?: string; problem?: string }]>;
    this.desk.send(order);
    const [{ now, problem }] = await answered;
    if (problem !== undefined || now === undefined) throw new Error(problem ?? 'no answer');
    return now;
  }

  async later(milliseconds: number): Promise<void> {
    await this.page.clock.setFixedTime(await this.ask({ advance: milliseconds }));
  }

  /** Photographs the screen once nothing moves on it, and gives what axe-core has against it. */
  async looked(name: string): Promise<string[]> {
    await this.page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    }
    await this.page.evaluate(axe);
    const found = (await this.page.evaluate('window.axe.run()')) as { violations: Violation[] };
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html ?? ''})`);
  }

  /** A page of somebody who is not signed in. */
  newPage(): Promise<Page> {
    return this.browser.newPage();
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (this.desk.connected) await this.ask({ stop: true });
    this.desk.kill();
  }
}
