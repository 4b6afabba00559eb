import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  attentionLooks,
  connectedLooks,
  deliveryLooks,
  healthLooks,
  type Look,
  statusLooks,
  syncLooks,
} from '../../ui/parts/looks.ts';
import { viewNames } from './addresses.ts';
import { findBarriers } from './browser.ts';
import { useFleetInBrowser } from './fleet-in-browser.ts';

const { address, fleet, open, openView } = useFleetInBrowser();

const sideways = 'document.documentElement.scrollWidth - innerWidth';
const rootSize = 'getComputedStyle(document.documentElement).fontSize';

/** Text whose box hides a part of it, though nothing says that it was cut. */
const clipped = `[...document.querySelectorAll('main *, header *')]
  .filter((one) => [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== ''))
  .filter((one) => {
    const style = getComputedStyle(one);
    const hides = style.overflowY === 'hidden' || style.overflowY === 'clip';
    return hides && style.position !== 'absolute' && one.scrollHeight > one.clientHeight + 2;
  })
  .map((one) => one.outerHTML.slice(0, 120))`;

it.each(viewNames)('the view %s bears text of twice the size', async (name) => {
  await using tab = await openView(name);
  const { page } = tab;
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  expect(await page.evaluate(rootSize)).toBe('32px');
  for (const width of [1440, 834, 640]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(sideways), `${width}`).toBe(0);
    expect(await page.evaluate(clipped), `${width}`).toEqual([]);
  }
  expect(await findBarriers(page)).toEqual([]);
});

it.each(['overview', 'agents', 'agent that failed', 'rollout', 'config', 'problems'] as const)(
  'the view %s bears the colors that the reader forces, and shows what bars and pills say by lines and words',
  async (name) => {
    await using tab = await openView(name);
    const { page } = tab;
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await page.evaluate("matchMedia('(forced-colors: active)').matches")).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(withoutBorder), 'cards and controls keep an edge').toEqual([]);
    expect(await page.evaluate(unseenIcons), 'icons take the color of their text').toEqual([]);
  },
);

const withoutBorder = `[...document.querySelectorAll('.card, .btn, .chip, .bar i')]
  .filter((one) => one.offsetWidth > 0 && getComputedStyle(one).borderTopWidth === '0px' && !one.closest('p.card'))
  .map((one) => one.outerHTML.slice(0, 120))`;
const unseenIcons = `[...document.querySelectorAll('svg.i')]
  .filter((one) => {
    const { color, stroke, fill } = getComputedStyle(one);
    return stroke !== color && fill !== color;
  })
  .map((one) => one.outerHTML)`;

it('moves nothing for whoever asks for that', async () => {
  await using tab = await openView('rollout');
  const { page } = tab;
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const moving = await page.evaluate(moves);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await page.evaluate(moves)).toEqual([]);
  expect(moving).not.toEqual([]);
});

/** Rules of the page that move something, by what the reader's wish makes of them. */
const moves = `(() => {
  const probe = document.createElement('div');
  probe.innerHTML = '<span class="bar"><i></i></span><svg class="i spin"></svg>';
  document.body.append(probe);
  const found = [...probe.querySelectorAll('*')]
    .map((one) => getComputedStyle(one))
    .filter((style) => style.animationName !== 'none' || style.transitionDuration.split(', ').some((time) => time !== '0s'))
    .map((style) => style.animationName + ' ' + style.transitionDuration);
  probe.remove();
  return found;
})()`;

describe('without color', () => {
  const families: Readonly<Record<string, Readonly<Record<string, Look>>>> = {
    sync: syncLooks,
    health: healthLooks,
    connected: connectedLooks,
    commit: statusLooks,
  };

  it.each(Object.entries(families))('each state of %s has a shape of its own', async (_, looks) => {
    await using tab = await openView('overview');
    const pictures = new Map<string, string>();
    for (const { icon, word } of Object.values(looks)) {
      const picture = (await pictureOf(tab.page, icon)).toString('base64');
      expect(pictures.get(picture), `${word} looks like another`).toBeUndefined();
      pictures.set(picture, word);
    }
  });

  it('each state of a family has a word of its own', () => {
    for (const looks of [...Object.values(families), deliveryLooks, attentionLooks]) {
      const words = Object.values(looks).map(({ word }) => word);
      expect(new Set(words).size).toBe(words.length);
    }
  });
});

/** An icon in black, four times its size. */
async function pictureOf(page: Page, icon: string): Promise<Buffer> {
  await page.evaluate(
    `(() => {
      const sprite = document.querySelector('svg.i use').getAttribute('href').split('#')[0];
      document.body.innerHTML = '<div id="one" style="width:64px;height:64px;color:#000;background:#fff"><svg class="i" viewBox="0 0 16 16" style="width:64px;height:64px"><use href="' + sprite + '#${icon}"/></svg></div>';
    })()`,
  );
  await page.waitForTimeout(50);
  return page.locator('#one').screenshot();
}

describe('by keyboard', () => {
  it.each(['overview', 'agents', 'agent that failed', 'rollout', 'config', 'problems'] as const)(
    'every stop of the view %s shows where one is',
    async (name) => {
      await using tab = await openView(name);
      const { page } = tab;
      const stops: string[] = [];
      for (let count = 0; count < 60; count += 1) {
        await page.keyboard.press('Tab');
        const [stop, shown] = (await page.evaluate(focused)) as [string, boolean];
        if (stop === 'BODY') break;
        expect(shown, stop).toBe(true);
        stops.push(stop);
      }
      expect(stops.length).toBeGreaterThan(10);
    },
  );

  it('the focus stays where it is while the page is changed under it', async () => {
    await using tab = await open('agents');
    const { page } = tab;
    await page.getByRole('link', { name: 'gateway-6' }).focus();
    const agent = fleet().agent({
      attributes: { 'service.name': 'otelcol', 'host.name': 'a-newcomer', role: 'edge' },
    });
    await page.getByRole('link', { name: 'a-newcomer' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('gateway-6');
    agent.stop();
    await page.goto(address('rollout'));
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.focus();
    const other = fleet().agent({
      attributes: { 'service.name': 'otelcol', 'host.name': 'b-newcomer', role: 'gateway' },
    });
    await page
      .getByText(/of 3 applied and healthy|1 of 3/)
      .first()
      .waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Pause');
    other.stop();
  });
});

/** What has the focus, and whether it, a box right around it, or its shape in a drawing has a ring. */
const focused = `(() => {
  const one = document.activeElement;
  if (one === document.body) return ['BODY', true];
  const hasRing = (box) => {
    const style = getComputedStyle(box);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
  };
  const shape = one.closest('svg') && one.querySelector(':scope > rect, :scope > path');
  const drawn = shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 3;
  return [one.outerHTML.slice(0, 100), hasRing(one) || hasRing(one.parentElement) || drawn === true];
})()`;
