import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kindSchemas, validateRepo } from '../../src/validation/index.ts';
import { codeBlocks, listDocs, readDoc } from '../support/docs.ts';
import { fleetReposOf } from '../support/fleet-pages.ts';
import { createMemoryRepo } from '../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
// Those of the rules are wrong on purpose; test/golden/validation tries them.
const pages = listDocs().filter(
  (path) => path !== 'docs/rules.md' && codeBlocks(readDoc(path), 'yaml').length > 0,
);
const shown = pages.flatMap((path) => fleetReposOf(readDoc(path)).map((files, at) => ({ path, at, files })));

describe('YAML in docs', () => {
  it.each(shown)('$path, repo $at: is a fleet repo without errors and warnings', ({ files }) => {
    const { problems } = validateRepo({ ...createMemoryRepo(files), now });
    expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it.each(pages)('%s: parses, and what has a kind of ours names its file', (path) => {
    for (const text of codeBlocks(readDoc(path), 'yaml')) {
      const documents = parseAllDocuments(text);
      expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
      const kinds = documents.map((document) => (document.toJS() as { kind?: string } | null)?.kind);
      const ours = kinds.some((kind) => kind !== undefined && kind in kindSchemas);
      if (ours) expect(text).toMatch(/^# [\w.-][\w./-]*\.ya?ml/);
    }
  });
});
