import { describe, expect, it } from 'vitest';
import { compareKeys, type KeyPrints } from '../../../src/app/compare-keys.ts';
import { createSilentLogger } from '../../../src/runtime/index.ts';

function compare(before: KeyPrints | undefined, own: KeyPrints) {
  const kept = new Map<string, unknown>();
  const events: string[] = [];
  compareKeys(own, {
    facts: new Map(before ? [['keys', before]] : []),
    putFact: (key, value) => void kept.set(key, value),
    appendEvent: ({ message }) => void events.push(message),
    logger: createSilentLogger(),
    now: 0,
  });
  return { kept: kept.get('keys'), events };
}

describe('keys of the process that served the store before', () => {
  const own = { serverKey: 'aa', authorities: ['new', 'old'] };

  it('are kept at the first start, and nothing is said', () => {
    expect(compare(undefined, own)).toEqual({ kept: own, events: [] });
    expect(compare(own, own)).toEqual({ kept: undefined, events: [] });
  });

  it('an authority that is still accepted is no difference', () => {
    expect(compare({ ...own, authorities: ['old'] }, own)).toEqual({ kept: own, events: [] });
  });

  it('other keys are told, each with what to set', () => {
    const { events } = compare({ serverKey: 'bb', authorities: ['other'] }, own);
    expect(events).toEqual([
      expect.stringContaining('MUSTER_SERVER_KEY'),
      expect.stringContaining('certificate authority'),
    ]);
  });
});
