import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestService } from '../support/service.ts';
import { findBarriers, launchBrowser, openTab } from './browser.ts';
import { startFleet } from './fleet.ts';

let fleet: TestService & { readonly sha: string };
let browser: Browser;
let views: Readonly<Record<string, string>>;

beforeAll(async () => {
  [fleet, browser] = await Promise.all([startFleet(), launchBrowser()]);
  const agents = await fleet.agents();
  const uidOf = (host: string) => agents.find((agent) => agent.host === host)?.uid ?? '';
  views = {
    overview: '',
    tenants: 'tenants',
    tenant: 't/default',
    config: 't/default/c/gateway',
    'config rendered': 't/default/c/gateway/rendered',
    'config layers': 't/default/c/gateway/layers',
    'config of nobody': 't/default/c/spare',
    agents: 'agents?sync=Synced',
    'agents of nobody': 'agents?q=nobody',
    agent: `agents/${uidOf('edge-1')}`,
    'agent that failed': `agents/${uidOf('broken-7')}`,
    'agent desired': `agents/${uidOf('edge-1')}/desired`,
    'agent why': `agents/${uidOf('edge-1')}/why`,
    'agent events': `agents/${uidOf('edge-1')}/events`,
    rollouts: 'rollouts',
    rollout: 'rollouts/default/gateway',
    revisions: 'revisions',
    revision: `r/${fleet.sha}`,
    'revision of a tenant': `r/${fleet.sha}/t/default`,
    'revision not seen': 'r/1234567',
    'plan not made': `plans/${fleet.sha}`,
    problems: 'problems',
    events: 'events',
    'sign-in': 'sign-in',
    'no such page': 'nowhere',
  };
});

afterAll(async () => {
  await browser?.close();
  await fleet?.[Symbol.asyncDispose]();
});

const names = [
  'overview',
  'tenants',
  'tenant',
  'config',
  'config rendered',
  'config layers',
  'config of nobody',
  'agents',
  'agents of nobody',
  'agent',
  'agent that failed',
  'agent desired',
  'agent why',
  'agent events',
  'rollouts',
  'rollout',
  'revisions',
  'revision',
  'revision of a tenant',
  'revision not seen',
  'plan not made',
  'problems',
  'events',
  'sign-in',
  'no such page',
];

const address = (name: string) => `${fleet.app().httpUrl}/${views[name]}`;

const screens = [
  { width: 1440, scheme: 'light' },
  { width: 1080, scheme: 'dark' },
  { width: 834, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 320, scheme: 'light' },
] as const;

it.each(names)(
  'the view %s has no barrier, no sideways scroll and no fault, in light and dark, wide and narrow',
  async (name) => {
    await using tab = await openTab(browser, address(name));
    const { page } = tab;
    for (const { width, scheme } of screens) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      expect(await findBarriers(page), `${width} ${scheme}`).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${width}`).toBe(0);
    }
    expect(await page.locator('img, script:not([src])').count()).toBe(0);
    expect(await page.title()).toContain('Muster');
    await page.setViewportSize({ width: 1440, height: 900 });
    const heard = steady(await page.locator('main').ariaSnapshot(), fleet.sha);
    await expect(heard).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.aria.txt`);
    expect(tab.faults).toEqual([]);
  },
);

/** What is heard without what differs from run to run: hashes, uids, times, and how long things took. */
function steady(snapshot: string, sha: string): string {
  return snapshot
    .replaceAll(sha, '<sha>')
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, '<uid>')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{13,64}/g, '<hash>')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,12}\b|\b\d{7}\b/g, '<short>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?/g, '<time>')
    .replace(/\b\d\d:\d\d:\d\d\b/g, '<clock>')
    .replace(/just now|\b\d+ (?:s|min) ago/g, '<ago>')
    .replace(/\b\d+ (?:ms|min(?: \d+ s)?|s)\b(?! soak)/g, '<took>')
    .replace(/file:\/\/\S+|\/tmp\/\S+/g, '<repo>');
}

describe('what others write', () => {
  it('is text: markup is shown, and what controls the direction is replaced', async () => {
    await using tab = await openTab(browser, address('agent that failed'));
    const words = tab.page.getByText('<script>document.title=2</script>').first();
    await words.waitFor();
    const text = (await words.textContent()) ?? '';
    expect(text).toContain('<img src=x onerror=');
    expect(text).not.toMatch(/[\u0000\u202e]/);
  });
});
