// Pictures of a running server's page: node ui/screenshots.mjs <address> <folder> [view…]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address = 'http://127.0.0.1:8080', folder = 'screenshots', ...wanted] = process.argv.slice(2);
const screens = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 1080, scheme: 'light' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

const read = async (path) => (await fetch(new URL(`api/v1/${path}`, address))).json();
const [agents, revisions, rollouts] = await Promise.all(
  ['agents?limit=1', 'revisions', 'rollouts'].map(async (path) => (await read(path)).items),
);
const views = {
  overview: '',
  tenants: 'tenants',
  tenant: `t/${agents[0].tenant}`,
  config: `t/${agents[0].tenant}/c/${agents[0].config ?? ''}`,
  agents: 'agents',
  agent: `agents/${agents[0].uid}`,
  why: `agents/${agents[0].uid}/why`,
  rollouts: 'rollouts',
  rollout: `rollouts/${rollouts[0].id}`,
  revisions: 'revisions',
  revision: `r/${revisions[0].sha}`,
  problems: 'problems',
  events: 'events',
  'sign-in': 'sign-in',
};

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
for (const [name, path] of Object.entries(views)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { width, scheme } of screens) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    await page.goto(new URL(path, `${address}/`).href);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
    await page.close();
  }
}
await browser.close();
