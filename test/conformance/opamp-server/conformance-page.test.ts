import { expect, it } from 'vitest';
import { composeConformancePage } from './conformance-page.ts';

it('docs/conformance.md lists the checks as they are', async () => {
  const page = composeConformancePage(new URL('../../', import.meta.url));
  await expect(page).toMatchFileSnapshot('../../../docs/conformance.md');
});
