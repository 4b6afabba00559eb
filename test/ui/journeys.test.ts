import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FleetSummary, RolloutView } from '../../src/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { oneTenant, startTestService, type TestService } from '../support/service.ts';
import { launchBrowser, openTab } from './browser.ts';
import { plantedSecret, startFleet } from './fleet.ts';

let fleet: TestService & { readonly sha: string };
let browser: Browser;

beforeAll(async () => {
  [fleet, browser] = await Promise.all([startFleet(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await fleet?.[Symbol.asyncDispose]();
});

const open = (path = '') => openTab(browser, `${fleet.app().httpUrl}/${path}`);

it('tells on Overview what the API tells, and each count opens the list that it counts', async () => {
  await using tab = await open();
  const { states } = await fleet.get<FleetSummary>('/api/v1/fleet');
  await tab.page
    .getByRole('heading', { level: 1, name: `${states.sync.Synced} of ${states.total} agents are in sync` })
    .waitFor();
  await tab.page.getByRole('link', { name: `OutOfSync ${states.sync.OutOfSync}` }).click();
  await tab.page.getByText(`${states.sync.OutOfSync} of ${states.total} match`).waitFor();
  expect(await tab.page.locator('tbody tr').count()).toBe(states.sync.OutOfSync);
});

it('shows a change without being asked, and focuses the heading of the next view', async () => {
  await using tab = await open('agents');
  await tab.page.getByText('Live', { exact: true }).waitFor();
  const agent = fleet.agent({
    attributes: { 'service.name': 'otelcol', 'host.name': 'newcomer-8', role: 'edge' },
  });
  await tab.page.getByRole('link', { name: 'newcomer-8' }).click();
  await tab.page.getByRole('heading', { level: 1, name: 'newcomer-8' }).waitFor();
  await eventually(async () => (await tab.page.evaluate('document.activeElement.tagName')) === 'H1');
  agent.stop();
});

it('pauses a rollout with a reason, which lands in the events; and resumes it, by keyboard', async () => {
  await using tab = await open('rollouts/default/gateway');
  const { page } = tab;
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await page.getByRole('textbox', { name: 'Reason' }).fill('wait for the edge');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await page.getByText('“wait for the edge”').waitFor();
  const { paused } = await fleet.get<RolloutView>('/api/v1/rollouts/default%2Fgateway');
  expect(paused).toBe('wait for the edge');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
  await page.getByText('wait for the edge').first().waitFor();
});

it('draws the pipelines of a config, walks them with arrow keys, and shows settings without their secret', async () => {
  await using tab = await open('t/default/c/gateway');
  const { page } = tab;
  await page.getByRole('button', { name: 'receiver otlp of traces' }).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key);
  await page.getByRole('region', { name: 'Settings of otlp_http' }).getByText('x-api-key').waitFor();
  await page.getByRole('link', { name: 'Rendered' }).click();
  await page.getByRole('region', { name: 'Rendered config' }).getByText('[REDACTED]').waitFor();
  expect(await page.content()).not.toContain(plantedSecret);
});

it('tells what a rollout changes, which line says so, and how its steps stand', async () => {
  await using tab = await open('rollouts/default/gateway');
  const { page } = tab;
  const changes = page.getByRole('region', { name: 'What changes' });
  await changes.getByText('processors::batch::timeout').waitFor();
  const text = (await changes.textContent()) ?? '';
  expect(text).toContain('from − 7s');
  expect(text).toContain('to + 9s');
  expect(text).toContain('gateway/collector.yaml:10');
  expect(text).not.toContain('otlp_http');
  const [first] = await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').allTextContents();
  expect(first).toContain('1 of 1 applied and healthy');
  await page
    .getByRole('figure')
    .getByText(/1 of 2 applied and healthy/)
    .waitFor();
});

it('shows the lines of a problem, its place marked, and not the secret beside it', async () => {
  await using tab = await open('problems');
  const lines = tab.page.getByRole('region', { name: /^Lines/ });
  await lines.first().waitFor();
  const text = (await lines.first().textContent()) ?? '';
  expect(text).toContain('x-api-key: [REDACTED]');
  expect(text).toMatch(/debug\/unused: \{\}\n {2}\^{12}\n/);
  expect(await tab.page.content()).not.toContain(plantedSecret);
});

it('tells which requirement keeps agents from a config that nobody has', async () => {
  await using tab = await open('t/default/c/spare');
  await tab.page.getByText(/\d+ agents of the tenant fail role=spare/).waitFor();
  await tab.page.getByRole('button', { name: 'exporter debug of traces' }).waitFor();
});

it('finds an agent by some of its letters', async () => {
  await using tab = await open();
  await tab.page.keyboard.press('/');
  await tab.page.keyboard.type('gateway-6');
  await tab.page.getByRole('option', { name: /gateway-6/ }).waitFor();
  await tab.page.keyboard.press('Enter');
  await tab.page.getByRole('heading', { level: 1, name: 'gateway-6' }).waitFor();
});

it('says where a selector is wrong', async () => {
  await using tab = await open('agents?selector=role%20inn%20(edge)');
  await tab.page.getByRole('alert').waitFor();
  expect(await tab.page.getByRole('alert').textContent()).toContain('bad selector');
});

it('asks for a token, goes on to where one wanted to be, and shows one tenant only its own', async () => {
  await using service = await startTestService({
    files: oneTenant,
    environment: { MUSTER_API_TOKENS: 'operator:*:all-of-it,viewer:default:own-part,viewer:other:nothing' },
  });
  await using tab = await openTab(browser, `${service.app().httpUrl}/agents`);
  const { page } = tab;
  const token = page.getByLabel('Token');
  await token.fill('wrong');
  await token.press('Enter');
  await page.getByRole('alert').waitFor();
  await token.fill('own-part');
  await token.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  expect(
    await page.evaluate('JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])'),
  ).not.toContain('own-part');
  const other = { authorization: 'Bearer nothing' };
  for (const path of ['configs/default/edge', 'configs/default/edge/desired', 'configs/default/none'])
    expect((await fetch(`${service.app().httpUrl}/api/v1/${path}`, { headers: other })).status).toBe(404);
  await page.goto(`${service.app().httpUrl}/revisions`);
  const sync = page.getByRole('button', { name: 'Sync now' });
  await sync.waitFor();
  expect(await sync.getAttribute('aria-disabled')).toBe('true');
  expect(await sync.getAttribute('title')).toContain('operator');
});
