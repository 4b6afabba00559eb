import { describe, expect, it } from 'vitest';
import { viewNames } from './addresses.ts';
import { findBarriers } from './browser.ts';
import { plantedSecret } from './fleet.ts';
import { useFleetInBrowser } from './fleet-in-browser.ts';

const { fleet, openView } = useFleetInBrowser();

const screens = [
  { width: 1440, scheme: 'light' },
  { width: 1080, scheme: 'dark' },
  { width: 834, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 320, scheme: 'light' },
] as const;

it.each(viewNames)(
  'the view %s has no barrier, no sideways scroll and no fault, in light and dark, wide and narrow',
  async (name) => {
    await using tab = await openView(name);
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
    const heard = steady(await page.locator('main').ariaSnapshot(), fleet().sha);
    await expect(heard).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.aria.txt`);
    expect(tab.faults).toEqual([]);
    expect((await tab.received()).filter((text) => text.includes(plantedSecret))).toEqual([]);
    expect(await page.evaluate(kept)).not.toContain(plantedSecret);
  },
);

/** All that a page leaves in the browser, and its document. */
const kept =
  'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]) + document.documentElement.outerHTML';

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
    await using tab = await openView('agent that failed');
    const words = tab.page.getByText('<script>document.title=2</script>').first();
    await words.waitFor();
    const text = (await words.textContent()) ?? '';
    expect(text).toContain('<img src=x onerror=');
    expect(text).not.toMatch(/[\u0000\u202e]/);
  });
});
