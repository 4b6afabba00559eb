import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FleetSummary, RolloutView } from '../../src/model/index.ts';
import { findFreePort } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { client, startOidcProvider } from '../support/oidc-provider.ts';
import { oneTenant, startTestService, type TestService } from '../support/service.ts';
import { findBarriers, launchBrowser, openTab } from './browser.ts';
import { startFleet } from './fleet.ts';

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
  await page.goto(`${service.app().httpUrl}/revisions`);
  const sync = page.getByRole('button', { name: 'Sync now' });
  await sync.waitFor();
  expect(await sync.getAttribute('aria-disabled')).toBe('true');
  expect(await sync.getAttribute('title')).toContain('operator');
});

it('signs in at a provider of another site, goes on to where one wanted to be, and signs out', async () => {
  await using provider = await startOidcProvider();
  const port = await findFreePort();
  const base = `http://localhost:${port}`;
  await using _ = await startTestService({
    files: oneTenant,
    flags: { http: `127.0.0.1:${port}`, 'public-url': base },
    environment: {
      MUSTER_OIDC_ISSUER: provider.issuer,
      MUSTER_OIDC_CLIENT_ID: client.id,
      MUSTER_OIDC_CLIENT_SECRET: client.secret,
      MUSTER_OIDC_ROLES: 'viewer:*:groups=fleet',
      MUSTER_OIDC_LABEL: 'Example',
    },
  });
  await using tab = await openTab(browser, `${base}/agents?q=nobody`);
  const { page } = tab;
  const button = page.getByRole('link', { name: 'Sign in with Example' });
  await button.click();
  await page.getByRole('alert').getByText('no role here').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.getByLabel('Token').count()).toBe(0);
  provider.behaviour.claims = { groups: ['fleet'], email: 'jane@example.com' };
  await button.click();
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
  expect(page.url()).toBe(`${base}/agents?q=nobody`);
  expect(await page.context().cookies(base)).toMatchObject([{ name: 'muster_session', sameSite: 'Strict' }]);
  expect(tab.faults.filter((fault) => !fault.startsWith(`asked ${provider.issuer}/authorize?`))).toEqual([]);
  await page.getByText('viewer', { exact: true }).click();
  await page.getByText('viewer jane@example.com').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await button.waitFor();
  await page.goto(`${base}/agents`);
  await button.waitFor();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});
