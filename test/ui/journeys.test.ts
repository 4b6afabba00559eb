import { expect, it } from 'vitest';
import type { AgentPage, FleetSummary, RolloutView } from '../../src/model/index.ts';
import { findFreePort } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { client, startOidcProvider } from '../support/oidc-provider.ts';
import { packageFiles } from '../support/package-story.ts';
import { oneTenant, startTestService } from '../support/service.ts';
import { findBarriers, openTab } from './browser.ts';
import { plantedSecret } from './fleet.ts';
import { useFleetInBrowser } from './fleet-in-browser.ts';

const { browser, fleet, open } = useFleetInBrowser();

it('tells on Overview what the API tells, and each count opens the list that it counts', async () => {
  await using tab = await open();
  const { states } = await fleet().get<FleetSummary>('/api/v1/fleet');
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
  const agent = fleet().agent({
    attributes: { 'service.name': 'otelcol', 'host.name': 'newcomer-8', role: 'edge' },
  });
  await tab.page.getByRole('link', { name: 'newcomer-8' }).click();
  await tab.page.getByRole('heading', { level: 1, name: 'newcomer-8' }).waitFor();
  await eventually(async () => (await tab.page.evaluate('document.activeElement.tagName')) === 'H1');
  agent.stop();
});

it('opens the rollout of a Package from the list, and from there the agents that failed in it', async () => {
  await using service = await startTestService({ files: packageFiles('1.0.0', { named: 'immediate' }) });
  for (const host of ['fits', 'full'])
    service.agent({
      attributes: {
        ...{ 'service.name': 'otelcol', 'host.name': host, 'os.type': 'linux', 'host.arch': 'amd64' },
      },
      installs: true,
      refusePackage: () => (host === 'full' ? 'no space left' : undefined),
    });
  await using tab = await openTab(browser(), `${service.app().httpUrl}/rollouts`);
  const { page } = tab;
  await page.getByRole('link', { name: 'default/package/otelcol' }).click();
  await page.getByRole('heading', { level: 1, name: 'default/package/otelcol' }).waitFor();
  const failed = page.getByRole('region', { name: 'Failed' });
  await failed.getByText('no space left').waitFor();
  await failed.getByRole('link', { name: 'All 1' }).click();
  await page.getByText('1 of 2 match').waitFor();
  await page.getByRole('link', { name: 'full', exact: true }).waitFor();
});

it('pauses a rollout with a reason, which lands in the events; and resumes it, by keyboard', async () => {
  await using tab = await open('rollouts/default/gateway');
  const { page } = tab;
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await page.getByRole('textbox', { name: 'Reason' }).fill('wait for the edge');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await page.getByText('“wait for the edge”').waitFor();
  const { paused } = await fleet().get<RolloutView>('/api/v1/rollouts/default%2Fgateway');
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

it('draws of thousands of agents only those that are seen, and reads their cells again without drawing the others', async () => {
  await using tab = await open();
  const { page } = tab;
  const { items } = await fleet().get<AgentPage>('/api/v1/agents?limit=1');
  const made = (index: number, delivery = 'applied') => {
    const name = String(index).padStart(4, '0');
    return { ...items[0], uid: `uid-${name}`, host: `host-${name}`, delivery };
  };
  const total = 3_000;
  await page.route('**/api/v1/agents?*', (route) => {
    const { searchParams } = new URL(route.request().url());
    const uids = searchParams.get('uids');
    const start = Number(searchParams.get('cursor') ?? 0);
    const page_ =
      uids === null
        ? Array.from({ length: 100 }, (_, index) => made(start + index))
        : uids.split(',').map((uid) => made(Number(uid.slice(4)), uid.endsWith('9') ? 'failed' : 'applied'));
    const next = uids === null && start + 100 < total ? String(start + 100) : null;
    return route.fulfill({ json: { items: page_, total, of: total, next, facets: {} } });
  });
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  const table = page.locator('table.agents');
  await eventually(async () => {
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.getByText(`Showing 1–${total.toLocaleString('en')} of`).waitFor({ timeout: 200 });
    return true;
  }, 60_000);
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await table.getByText('host-2999').waitFor();
  expect(await table.locator('tbody tr').count()).toBeLessThan(80);
  expect(await table.locator('tbody tr[aria-rowindex="3001"]').count()).toBe(1);
  const heights =
    "[...new Set([...document.querySelectorAll('tr[aria-rowindex]')].slice(1).map((row) => row.getBoundingClientRect().height))]";
  expect(await page.evaluate(heights)).toEqual([37]);
  await page.evaluate(
    "document.querySelectorAll('table.agents tbody tr').forEach((row) => { row.dataset.same = '1'; })",
  );
  const agent = fleet().agent({
    attributes: { 'service.name': 'otelcol', 'host.name': 'newcomer-9', role: 'edge' },
  });
  await table.getByText('failed').first().waitFor();
  expect(await table.locator('tbody tr[aria-rowindex]:not([data-same])').count()).toBe(0);
  agent.stop();
});

it('shows times as UTC or as this computer has them', async () => {
  await using tab = await open('rollouts/default/gateway');
  const { page } = tab;
  await page.getByText(/Started \d\d:\d\d:\d\d UTC,/).waitFor();
  await page.locator('summary').filter({ hasText: 'operator' }).click();
  await page.getByRole('radio', { name: 'local' }).check();
  const offset = Number(await page.evaluate('-new Date().getTimezoneOffset()'));
  await page.getByText(offset === 0 ? /Started [\d:]+ UTC,/ : /Started [\d:]+ UTC[+-]/).waitFor();
  expect(await page.evaluate("sessionStorage.getItem('zone')")).toBe('local');
});

it('finds an agent by some of its letters', async () => {
  await using tab = await open();
  await tab.page.keyboard.press('/');
  await tab.page.keyboard.type('gateway-6');
  await tab.page.getByRole('option', { name: /gateway-6/ }).waitFor();
  await tab.page.keyboard.press('Enter');
  await tab.page.getByRole('heading', { level: 1, name: 'gateway-6' }).waitFor();
});

it('finds on a small screen too, where the field takes the whole bar', async () => {
  await using tab = await open('', { width: 320, scheme: 'light' });
  const { page } = tab;
  await page.getByRole('combobox', { name: /^Find/ }).click();
  await page.keyboard.type('gateway-6');
  await page.getByRole('option', { name: /gateway-6/ }).click();
  await page.getByRole('heading', { level: 1, name: 'gateway-6' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
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
  await using tab = await openTab(browser(), `${service.app().httpUrl}/agents`);
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
  await using tab = await openTab(browser(), `${base}/agents?q=nobody`);
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

it('shows what is ten thousand characters long without breaking its frame', async () => {
  await using service = await startTestService({ files: oneTenant });
  const long = `${'no space '.repeat(1_100)}${'x'.repeat(400)}`;
  service.agent({
    attributes: { 'service.name': 'otelcol', 'host.name': 'h'.repeat(250), note: 'y'.repeat(10_000) },
    refuse: () => long,
  });
  const [agent] = await eventually(async () => {
    const found = await service.agents('delivery=failed');
    return found.length === 1 ? found : undefined;
  });
  await using tab = await openTab(browser(), `${service.app().httpUrl}/agents/${agent?.uid}`);
  const { page } = tab;
  await page.getByText('no space no space').first().waitFor();
  for (const place of [`agents/${agent?.uid}`, 'agents', 'rollouts/default/edge', 'events', '']) {
    await page.goto(`${service.app().httpUrl}/${place}`);
    await page.locator('main h1').waitFor();
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        `${place} ${width}`,
      ).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollHeight'), `${place} ${width}`).toBeLessThan(
        12_000,
      );
    }
  }
  expect(tab.faults).toEqual([]);
});
