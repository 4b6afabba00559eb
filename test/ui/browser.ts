import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that the machine has. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A browser with a folder of its own, which goes with it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: flags });
}

export interface Screen {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A tab, with everything that went wrong in it. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  /** Console errors (a broken policy is one), thrown errors, and requests to anywhere else. */
  readonly faults: readonly string[];
  /** The bodies of all answers that have come whole. */
  received(): Promise<readonly string[]>;
}

/** Opens an address of the page in a context of its own, and waits for the view's heading. */
export async function openTab(
  browser: Browser,
  url: string,
  { width, scheme }: Screen = { width: 1440, scheme: 'light' },
): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    // A 404 or 401 that a test asks for is told by the browser too.
    if (message.type() === 'error' && !/status of 40[14]/.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`asked ${request.url()}`);
  });
  const bodies: Promise<string>[] = [];
  page.on('requestfinished', (request) => {
    const body = request.response().then(async (response) => (await response?.text()) ?? '');
    // One that was answered from the cache, or belongs to a document that is gone, has no body to look at.
    bodies.push(body.catch(() => ''));
  });
  await page.goto(url);
  await page.locator('main h1').waitFor();
  return { page, faults, received: () => Promise.all(bodies), [Symbol.asyncDispose]: () => context.close() };
}

/** What axe finds wrong, one line each. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const run =
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })";
  const { violations } = (await page.evaluate(run)) as {
    violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[];
  };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
