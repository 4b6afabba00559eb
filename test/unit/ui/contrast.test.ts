import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../ui/styles/tokens.css', import.meta.url), 'utf8');

/** The colours of one block of `tokens.css`. */
function readTokens(start: string): Readonly<Record<string, string>> {
  const block = css.slice(css.indexOf(start)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const tones = ['ok', 'go', 'warn', 'bad', 'alarm', 'hold', 'none'];
const grounds = ['bg', 'surface', 'sunken'];
const themes: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['light', readTokens(':root {')],
  ['dark', readTokens(':root[data-theme="dark"]')],
];

describe.each(themes)('the colours of the %s theme', (_, tokens) => {
  const ratio = (front: string, ground: string) => contrast(tokens[front] ?? '', tokens[ground] ?? '');

  it.each(tones)('%s: text reads on every ground and on its tint, its fill stands out', (tone) => {
    for (const ground of [...grounds, `${tone}-tint`])
      expect(ratio(tone, ground), `${tone} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    for (const ground of grounds)
      expect(ratio(`${tone}-fill`, ground), `${tone}-fill on ${ground}`).toBeGreaterThanOrEqual(3);
  });

  it('ink reads on every ground and tint, edges and focus stand out', () => {
    const all = [...grounds, ...tones.map((tone) => `${tone}-tint`)];
    for (const ground of all)
      for (const ink of ['ink', 'ink-2', 'ink-3'])
        expect(ratio(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    for (const ground of grounds)
      for (const edge of ['line-strong', 'focus'])
        expect(ratio(edge, ground), `${edge} on ${ground}`).toBeGreaterThanOrEqual(3);
    for (const word of ['add-word', 'del-word']) expect(ratio('ink', word), word).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-alarm', 'alarm-fill')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('invert', 'ink')).toBeGreaterThanOrEqual(4.5);
  });
});

it('has the same dark theme for who chose it and whose system did', () => {
  const [chosen, system] = [
    readTokens(':root[data-theme="dark"]'),
    readTokens(':root:not([data-theme="light"])'),
  ];
  expect(chosen).toEqual(system);
  expect(Object.keys(chosen).length).toBeGreaterThan(30);
});
