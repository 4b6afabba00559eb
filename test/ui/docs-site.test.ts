import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repoRoot } from '../support/docs.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { findBarriers, launchBrowser } from './browser.ts';

const folder = makeTemporaryDir();
let browser: Browser;

beforeAll(async () => {
  execFileSync(process.execPath, [join(repoRoot, 'docs/site/build.mjs'), folder.path]);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  folder.remove();
});

it.each([
  ['index.html', 1440, 'light'],
  ['operations.html', 1440, 'dark'],
  ['conformance.html', 390, 'light'],
  ['guides/signing-in.html', 390, 'dark'],
] as const)('%s reads well from a folder, %i wide and %s', async (path, width, colorScheme) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('requestfailed', (request) => faults.push(request.url()));
  await page.goto(pathToFileURL(join(folder.path, path)).href);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  if (width < 800) await page.getByText('Pages', { exact: true }).first().click();
  await page.getByRole('navigation').getByRole('link', { name: 'Concepts' }).click();
  await page.getByRole('heading', { level: 1, name: 'Concepts' }).waitFor();
  expect(faults).toEqual([]);
  // Last, for axe itself asks for the styles again.
  await page.goBack();
  expect(await findBarriers(page)).toEqual([]);
  await context.close();
});
