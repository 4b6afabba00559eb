import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RolloutView } from '../../src/model/index.ts';
import { findFreePort } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { startGithub } from '../support/git-host-github.ts';
import { makeRepo, makeTemporaryDir } from '../support/git-repo.ts';
import { seed } from '../support/property.ts';
import { startServeProcess } from '../support/serve-process.ts';
import { collectorText, oneTenant, startTestService } from '../support/service.ts';
import { launchBrowser, openTab } from './browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0' };

/** A server that a test may kill or freeze, on ports that it keeps. */
async function startServer() {
  const folder = makeTemporaryDir();
  const repo = makeRepo(join(folder.path, 'repo'));
  repo.commit(oneTenant, 'First fleet');
  const flags = {
    ...{ repo: repo.dir, 'data-dir': join(folder.path, 'data'), poll: '1s' },
    ...{ opamp: `127.0.0.1:${await findFreePort()}`, http: `127.0.0.1:${await findFreePort()}` },
  };
  let process = await startServeProcess(flags);
  return {
    url: process.httpUrl,
    process: () => process,
    async startAgain() {
      process = await startServeProcess(flags);
    },
    async [Symbol.asyncDispose]() {
      process.child.kill('SIGCONT');
      await process.end('SIGKILL');
      folder.remove();
    },
  };
}

const markPage = 'window.sameDocument = true';
const isSamePage = 'window.sameDocument === true';
const live = (page: Page) => page.getByText('Live', { exact: true });
/** More than the half minute after which a view must say that it is stale would be too late. */
const staleWithin = { timeout: 30_000 };
const staleText = /^Nothing was heard from the server since \d\d:\d\d:\d\d/;

it('says that what it shows is old within half a minute of the server’s death, and goes on without a reload', async () => {
  await using server = await startServer();
  await using tab = await openTab(browser, server.url);
  const { page } = tab;
  await live(page).waitFor();
  await page.evaluate(markPage);
  await server.process().end('SIGKILL');
  await page.getByText(/^Reconnecting, data of/).waitFor({ timeout: 5_000 });
  await page.getByText(staleText).waitFor(staleWithin);
  const sync = page.getByRole('button', { name: 'Sync now' });
  expect(await sync.getAttribute('aria-disabled')).toBe('true');
  expect(await sync.getAttribute('title')).toBe('The server is not heard just now.');
  await server.startAgain();
  await live(page).waitFor({ timeout: 60_000 });
  expect(await page.getByText(staleText).count()).toBe(0);
  expect(await sync.getAttribute('aria-disabled')).toBe('false');
  expect(await page.evaluate(isSamePage)).toBe(true);
});

it('is not taken in by a server that keeps its connections and says nothing', async () => {
  await using server = await startServer();
  await using tab = await openTab(browser, server.url);
  const { page } = tab;
  await live(page).waitFor();
  await page.evaluate(markPage);
  server.process().child.kill('SIGSTOP');
  await page.getByText(staleText).waitFor(staleWithin);
  server.process().child.kill('SIGCONT');
  await live(page).waitFor({ timeout: 60_000 });
  expect(await page.getByText(staleText).count()).toBe(0);
  expect(await page.evaluate(isSamePage)).toBe(true);
});

it('stays live while nothing happens', async () => {
  await using service = await startTestService({ files: oneTenant });
  await using tab = await openTab(browser, service.app().httpUrl);
  const { page } = tab;
  await live(page).waitFor();
  let streams = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) streams += 1;
  });
  await page.waitForTimeout(32_000);
  expect(await live(page).count()).toBe(1);
  expect(await page.getByText(staleText).count()).toBe(0);
  expect(streams).toBe(0);
});

it('reads anew every ten seconds where something between does not let the stream through', async () => {
  await using service = await startTestService({ files: oneTenant });
  const context = await browser.newContext();
  await context.route('**/api/v1/events', (route) => route.abort());
  const page = await context.newPage();
  await page.goto(service.app().httpUrl);
  await page.getByText('Every 10 s').waitFor();
  await page.getByRole('heading', { name: 'No agent has joined yet' }).waitFor();
  service.agent({ attributes });
  await page.getByRole('heading', { name: '1 of 1 agents are in sync' }).waitFor();
  await context.close();
});

it('keeps seven tabs current over one stream', async () => {
  await using service = await startTestService({ files: oneTenant });
  const context = await browser.newContext();
  const holders: Page[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) holders.push(request.frame().page());
  });
  const places = ['', 'agents', 'rollouts', 'revisions', 'events', 'problems', 'tenants'];
  const tabs = await Promise.all(
    places.map(async (place) => {
      const page = await context.newPage();
      await page.goto(`${service.app().httpUrl}/${place}`);
      await page.locator('main h1').waitFor();
      return page;
    }),
  );
  for (const page of tabs) await live(page).waitFor();
  expect(holders).toHaveLength(1);
  service.agent({ attributes: { ...attributes, 'host.name': 'newcomer-1' } });
  const [overview, agents, rollouts] = tabs;
  await overview?.getByRole('heading', { name: '1 of 1 agents are in sync' }).waitFor();
  await agents?.getByRole('link', { name: 'newcomer-1' }).waitFor();
  await rollouts?.getByRole('link', { name: 'default/edge' }).waitFor();
  const others = tabs.filter((page) => page !== holders[0]);
  await holders[0]?.close();
  await eventually(() => holders.length === 2);
  service.agent({ attributes: { ...attributes, 'host.name': 'newcomer-2' } });
  const [left] = others;
  await left?.getByRole('link', { name: 'Agents', exact: true }).click();
  await left?.getByRole('link', { name: 'newcomer-2' }).waitFor();
  for (const page of others) await live(page).waitFor();
  await context.close();
});

const tokens = { MUSTER_API_TOKENS: 'operator:*:all-of-it,viewer:*:looks-on' };

/** A Git host that takes statuses, and the settings that send them there. */
async function startHost() {
  const host = await startGithub();
  host.setToken('host-token');
  return {
    settings: {
      MUSTER_STATUS_HOST: 'github',
      MUSTER_STATUS_API_URL: host.apiUrl,
      MUSTER_STATUS_REPO: host.repo,
      MUSTER_STATUS_TOKEN: 'host-token',
    },
    addCommit: host.addCommit,
    records: host.records,
    [Symbol.asyncDispose]: () => host.server.close(),
  };
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByLabel('Token').press('Enter');
}

it('asks for nothing once its session has ended, and signs in to where one was', async () => {
  await using service = await startTestService({ files: oneTenant, environment: tokens });
  await using tab = await openTab(browser, `${service.app().httpUrl}/agents?q=web`);
  const { page } = tab;
  await signIn(page, 'looks-on');
  await live(page).waitFor();
  const [cookie] = await page.context().cookies();
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/')) asked += 1;
  });
  // The session ends on the server, as it does after twelve hours; this page hears nothing of it.
  const ended = await fetch(`${service.app().httpUrl}/api/v1/session`, {
    method: 'DELETE',
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
  });
  expect(ended.status).toBe(204);
  await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor({ timeout: 10_000 });
  await page.waitForTimeout(500);
  asked = 0;
  service.agent({ attributes });
  await page.waitForTimeout(12_000);
  expect(asked).toBe(0);
  await signIn(page, 'looks-on');
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
  expect(new URL(page.url()).search).toBe('?q=web');
});

it('tells a viewer who comes cold from a commit status what it is about', async () => {
  await using host = await startHost();
  const http = `127.0.0.1:${await findFreePort()}`;
  await using service = await startTestService({
    files: oneTenant,
    flags: { http },
    environment: { ...tokens, ...host.settings, MUSTER_PUBLIC_URL: `http://${http}` },
  });
  const sha = service.repo.git('rev-parse', 'HEAD');
  host.addCommit(sha);
  service.agent({ attributes: { ...attributes, 'host.name': 'web-1' } });
  const status = await eventually(
    () => host.records(sha, 'muster/fleet').find(({ state }) => state === 'success'),
    30_000,
  );
  await using tab = await openTab(browser, status.targetUrl);
  const { page } = tab;
  await signIn(page, 'looks-on');
  await page.getByRole('heading', { level: 1 }).getByText('First fleet').waitFor();
  expect(new URL(page.url()).pathname).toBe(`/r/${sha}`);
  expect(await page.getByRole('main').textContent()).toContain('1/1 applied and healthy');
});

it('says aloud, once, that agents run the wrong config, and remembers when that was over', async () => {
  await using service = await startTestService({ files: oneTenant });
  service.agent({ attributes });
  await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
  await using tab = await openTab(browser, service.app().httpUrl);
  const { page } = tab;
  await page.getByText('Nothing needs attention.', { exact: true }).waitFor();
  const aloud = page.locator('[aria-live=polite]');
  const wrong = service.agent({ attributes, behaviour: 'wrong-config' });
  await aloud.getByText('Wrong config: 1 agent of default/edge runs a config that does no work').waitFor();
  wrong.describe({ 'service.name': 'something-else' });
  await page
    .getByText(/^Nothing needs attention\. The last time something did was (.* ago|just now): /)
    .waitFor();
});

it('does not act on a rollout that is of another commit by now', async () => {
  const waiting = `${oneTenant['edge.yaml']?.replace('rollout: immediate', 'rollout: steps')}`;
  const policy =
    'kind: Rollout\nsteps:\n  - {name: all, percent: 100, soak: 0s, approval: true}\n  - {name: rest, percent: 100, soak: 0s}\n';
  await using service = await startTestService({ files: oneTenant });
  service.agent({ attributes });
  await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
  const commit = (marker: string) =>
    service.repo.commit(
      { 'edge.yaml': waiting, 'rollouts/steps.yaml': policy, 'edge/collector.yaml': collectorText(marker) },
      marker,
    );
  const isOf = (sha: string) =>
    eventually(async () => {
      const { revision } = await service.get<RolloutView>('/api/v1/rollouts/default%2Fedge');
      return revision === sha;
    }, 30_000);
  const first = commit('6s');
  await isOf(first);
  await using tab = await openTab(browser, `${service.app().httpUrl}/rollouts/default/edge`);
  const { page } = tab;
  await page.getByRole('button', { name: 'Abort and roll back…' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('the first is bad');
  const second = commit('7s');
  await isOf(second);
  await page.getByRole('button', { name: 'Abort and roll back', exact: true }).click();
  await page
    .getByRole('alert')
    .getByText(`is of ${second.slice(0, 7)} by now, not of ${first.slice(0, 7)}`)
    .waitFor();
  expect(await service.get<RolloutView>('/api/v1/rollouts/default%2Fedge')).toMatchObject({
    phase: 'running',
  });
  await page.getByRole('button', { name: 'Abort and roll back', exact: true }).click();
  await eventually(async () => {
    const { phase } = await service.get<RolloutView>('/api/v1/rollouts/default%2Fedge');
    return phase === 'aborted';
  });
});

it('offers to reload once the server is of another release', async () => {
  await using service = await startTestService({
    files: oneTenant,
    flags: { http: `127.0.0.1:${await findFreePort()}` },
  });
  await using tab = await openTab(browser, service.app().httpUrl);
  const { page } = tab;
  await live(page).waitFor();
  await service.restart({}, 'later');
  await page.getByText('The server runs later now, and this page is of test.').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Reload' }).click();
  await live(page).waitFor();
  expect(await page.getByRole('button', { name: 'Reload' }).count()).toBe(0);
});

/** Numbers as random as `seed` makes them. */
function createRandom(): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it('shows after a thousand events what a page shows that is opened afresh', async () => {
  await using service = await startTestService({ files: oneTenant });
  const places = ['', 'agents', 'rollouts', 'revisions', 'events', 't/default', 't/default/c/edge'];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const open = async (place: string) => {
    const page = await context.newPage();
    await page.goto(`${service.app().httpUrl}/${place}`);
    await page.locator('main h1').waitFor();
    return page;
  };
  const tabs = new Map<string, Page>();
  for (const place of places) tabs.set(place, await open(place));
  const random = createRandom();
  const agents: ReturnType<typeof service.agent>[] = [];
  const roles = ['edge', 'gateway', 'db'];
  let commits = 0;
  const steps: readonly (() => unknown)[] = [
    () => {
      if (agents.length >= 60) return;
      const host = `web-${agents.length}`;
      agents.push(
        service.agent({
          attributes: { ...attributes, 'host.name': host },
          ...(random(10) === 0 && {
            refuse: (text: string) => (text.includes('13s') ? 'it says no' : undefined),
          }),
        }),
      );
    },
    () => agents[random(agents.length)]?.drop(),
    () => agents[random(agents.length)]?.describe({ role: roles[random(roles.length)] ?? '' }),
    () => agents[random(agents.length)]?.describe({ 'host.name': `web-${random(200)}` }),
    () => random(20) === 0 && agents[random(agents.length)]?.stop(),
    () => {
      if (random(20) !== 0) return;
      commits += 1;
      service.repo.commit(
        { 'edge/collector.yaml': collectorText(`${10 + random(5)}s`) },
        `Commit ${commits}`,
      );
    },
    () =>
      random(10) === 0 &&
      service.post('/api/v1/rollouts/default%2Fedge/retry', { reason: `try ${random(9)}` }),
  ];
  for (let step = 0; step < 1_000; step += 1) {
    await steps[random(steps.length)]?.();
    if (step % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  let before = '';
  // At rest: nothing that the fleet tells differs any more.
  await eventually(
    async () => {
      const told = JSON.stringify([(await service.fleet()).states, await service.agents('limit=500')]);
      const now = told.replace(/"lastSeenAt":"[^"]*"/g, '');
      const isSame = now === before;
      before = now;
      return isSame;
    },
    60_000,
    2_000,
  );
  const heard = async (page: Page) =>
    (await page.locator('main').ariaSnapshot()).replace(/just now|\b\d+ (?:s|min) (?:\d+ s )?ago/g, '<ago>');
  for (const place of places) {
    const fresh = await open(place);
    const kept = tabs.get(place) as Page;
    await eventually(async () => {
      expect(await heard(kept), place).toBe(await heard(fresh));
      return true;
    }, 15_000);
    await fresh.close();
  }
  await context.close();
});
