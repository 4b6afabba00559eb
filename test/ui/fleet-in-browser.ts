import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { addressesOf, type ViewName } from './addresses.ts';
import { launchBrowser, openTab, type Screen, type Tab } from './browser.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** The fleet of `startFleet` and a browser, for all tests of the file that asks; both are there once its tests run. */
export function useFleetInBrowser() {
  let fleet: Fleet;
  let browser: Browser;
  let address: (name: ViewName) => string;
  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet(), launchBrowser()]);
    address = await addressesOf(fleet);
  });
  afterAll(async () => {
    await browser?.close();
    await fleet?.[Symbol.asyncDispose]();
  });
  const open = (path = '', screen?: Screen): Promise<Tab> =>
    openTab(browser, `${fleet.app().httpUrl}/${path}`, screen);
  return {
    fleet: () => fleet,
    browser: () => browser,
    address: (name: ViewName) => address(name),
    /** A path below the page's root, in a tab of its own. */
    open,
    openView: (name: ViewName): Promise<Tab> => openTab(browser, address(name)),
  };
}
