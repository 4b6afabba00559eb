import { expect, it } from 'vitest';
import { safeReturn } from '../../../src/http-api/routes/safe-return.ts';

const base = 'https://muster.example/fleet/';

it.each([
  ['agents?delivery=failed', `${base}agents?delivery=failed`],
  ['./', base],
  ['r/abc#end', `${base}r/abc#end`],
  ['/fleet/agents', `${base}agents`],
  [`${base}agents`, `${base}agents`],
])('goes on to %s', (to, href) => expect(safeReturn(to, base)).toBe(href));

it.each([
  [undefined],
  ['https://evil.example/'],
  ['//evil.example/'],
  ['/\\evil.example'],
  ['\\\\evil.example'],
  ['\t//evil.example'],
  ['/fleet/..//evil.example'],
  ['https:evil.example'],
  ['https://muster.example@evil.example/fleet/'],
  ['https://user:word@muster.example/fleet/'],
  ['https://muster.example.evil.example/fleet/'],
  ['../other'],
  ['javascript:alert(1)'],
  ['data:text/html,x'],
  [`agents?q=${'x'.repeat(1_000)}`],
])('stays at home instead of %s', (to) => {
  const href = safeReturn(to, base);
  expect(href.startsWith(base)).toBe(true);
  expect(new URL(href).host).toBe('muster.example');
});
