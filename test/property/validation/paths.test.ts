import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside, resolvePath } from '../../../src/validation/references/resolve-path.ts';
import fc from '../../support/property.ts';

const part = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'b.yaml',
    'tenants',
    '...',
    ' ',
    '~',
    'C:',
    '\\',
    '\u0000',
    '\n',
    '%2e%2e',
  ),
  fc.string({ maxLength: 6 }),
);
const reference = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));

describe('paths that manifests name', () => {
  it('never leave the tree, whatever they are', () => {
    const property = fc.property(reference, (text) => {
      const resolved = resolvePath(text, 'tenants/acme/edge.yaml');
      if ('fault' in resolved) return;
      expect(posix.normalize(resolved.path)).toBe(resolved.path);
      expect(posix.isAbsolute(resolved.path)).toBe(false);
      expect(resolved.path.split('/')).not.toContain('..');
      // Only a leading slash leaves the folder of the file that names it.
      expect(text.startsWith('/') || isInside(resolved.path, 'tenants/acme')).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it.each([
    ['collector.yaml', 'tenants/acme/collector.yaml'],
    ['./edge/collector.yaml', 'tenants/acme/edge/collector.yaml'],
    ['/base/common.yaml', 'base/common.yaml'],
  ])('%s is %s', (text, path) => {
    expect(resolvePath(text, 'tenants/acme/edge.yaml')).toEqual({ path });
  });

  it.each([
    '..',
    '../x',
    'a/../b',
    '/../x',
    '',
    '/',
    'a//b',
    'a/',
    './',
    'a/./b',
    'a\\b',
    'file:///etc/passwd',
    'C:/x',
  ])('%j is refused', (text) => {
    expect(resolvePath(text, 'tenants/acme/edge.yaml')).toHaveProperty('fault');
  });

  it('a folder is not inside its namesake', () => {
    expect(isInside('based/x.yaml', 'base')).toBe(false);
    expect(isInside('base/x.yaml', 'base')).toBe(true);
  });
});
