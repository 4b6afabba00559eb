import { describe, expect, it } from 'vitest';
import { equalQuantities } from '../../../src/agent-types/compare/quantity.ts';

describe('Kubernetes quantities', () => {
  it.each([
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5', '500m'],
    ['1e', '1e', false],
    ['100', '0.1k'],
    ['2M', '2000k'],
    ['1Gi', '1G', false],
    ['500m', '0.6', false],
    ['a', 'a', false],
    ['-1', '1', false],
  ])('%s and %s', (a, b, equal = true) => {
    expect(equalQuantities(a, b)).toBe(equal);
    expect(equalQuantities(b, a)).toBe(equal);
  });
});
