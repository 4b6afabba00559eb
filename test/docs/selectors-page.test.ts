import { describe, expect, it } from 'vitest';
import { matchSelector, parseSelectorLine, selectorOperators } from '../../src/selectors/index.ts';
import { validateRepo } from '../../src/validation/index.ts';
import { codeBlocks, readDoc } from '../support/docs.ts';
import { createMemoryRepo } from '../support/memory-repo.ts';

const page = readDoc('docs/spec/selectors.md');
const examples = [...page.matchAll(/^\| `([^`]+)` \| `([^`=]+)=([^`]*)` \| (yes|no) \|$/gm)];

describe('docs/spec/selectors.md', () => {
  it.each(examples.map(([, line = '', key = '', value = '', verdict = '']) => [line, key, value, verdict]))(
    '%s on %s=%s: %s',
    (line = '', key = '', value = '', verdict) => {
      const parsed = parseSelectorLine(line);
      if ('error' in parsed) throw new Error(parsed.error);
      expect(matchSelector(parsed.selector, new Map([[key, value]])) ? 'yes' : 'no').toBe(verdict);
    },
  );

  it('tries its examples', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it('names every operator', () => {
    for (const operator of selectorOperators) expect(page).toMatch(new RegExp(`^\\| ${operator}\\b`, 'm'));
  });

  it('its YAML is a repo without problems', () => {
    const files = codeBlocks(page, 'yaml').map((text) => {
      const [, path = '', body = ''] = /^# (\S+)\n([\s\S]*)$/.exec(text) ?? [];
      return [path, body];
    });
    const { problems } = validateRepo({ ...createMemoryRepo(Object.fromEntries(files)), now: 0 });
    expect(problems).toEqual([]);
  });

  it.each(['v0.144', '0.144.0-contrib', 'otelcol 0.144'])('reads %s as version 0.144.0', (value) => {
    const parsed = parseSelectorLine('v@=0.144.0');
    expect('selector' in parsed && matchSelector(parsed.selector, new Map([['v', value]]))).toBe(true);
  });
});
