import { describe, expect, it } from 'vitest';
import { cutMarkdown } from '../../../src/commit-status/cut-markdown.ts';
import { composePlanComment } from '../../../src/commit-status/index.ts';
import { codeSpan, fencedBlock } from '../../../src/commit-status/plan-comment/escape-markdown.ts';
import fc from '../../support/property.ts';
import { planOf } from '../../unit/commit-status/plan-comment/plans.ts';

/** Text that tries to be more than text. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '`',
        '```',
        '````',
        '~~~',
        '\n',
        '\n\n',
        '\r',
        '</details>',
        '<!--',
        '<img src=x onerror=y>',
        '@team',
        '#12',
        'https://evil.example',
        '[x](y)',
        '](',
        '|',
        '\\',
        '\u202e',
        '\u200b',
        '\u0000',
        '\n# h',
        '\n- ',
        '"',
        '&lt;',
        '![i](u)',
      ),
      fc.string({ maxLength: 8, unit: 'binary' }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('words of users', () => {
  it('stay one code span on one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = codeSpan(text);
        expect(span).toMatch(/^`[^`\n\r]+`$/);
        expect(span.length).toBeLessThanOrEqual(162);
      }),
    );
  });

  it('end no fence and hide no character', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = fencedBlock(text, 'diff').split('\n');
        const fence = lines.at(-1) ?? '';
        expect(lines[0]).toBe(`${fence}diff`);
        for (const line of lines.slice(1, -1)) {
          expect(line).not.toContain(fence);
          expect(line).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0000\r]/);
        }
      }),
    );
  });

  it('leave nothing outside code in a comment', () => {
    const agents = fc.integer({ min: 0, max: 1e6 });
    const named = fc.record({ tenant: hostile, config: hostile, agents });
    const plan = fc.record({
      named: fc.array(named, { maxLength: 3 }),
      diff: hostile,
      message: hostile,
      reason: hostile,
      labels: fc.dictionary(hostile, hostile, { maxKeys: 3 }),
      folds: fc.boolean(),
    });
    fc.assert(
      fc.property(plan, ({ named: list, diff, message, reason, labels, folds }) => {
        const [first = { tenant: message, config: reason, agents: 1 }] = list;
        const text = composePlanComment(
          planOf({
            blast: { agents: 1, ofAgents: 1, tenants: 1, byConfig: list },
            removals: list.map((item) => ({
              ...item,
              guarded: false,
              at: { file: message, line: 1, column: 1 },
            })),
            unassigned: list,
            overlaps: [{ tenant: first.tenant, configs: [message, reason], agents: 1, example: labels }],
            credentialsGoing: [{ tenant: first.tenant, credential: message, agents: 1 }],
            losingOwner: [{ tenant: reason, from: message, to: diff, agents: 1 }],
            cannotRun: [{ ...first, missing: [message, reason] }],
            findings: [{ ...first, code: reason, severity: 'warning', message }],
            problems: [{ code: message, severity: 'error', message: reason, file: diff, line: 1, column: 1 }],
            held: [{ tenant: message, reason }],
            diffs: [{ ...first, diff: `+${diff}` }],
          }),
          { format: { maxBytes: 60_000, folds } },
        );
        const outside = withoutCode(text);
        expect(outside).toMatch(/^[\n A-Za-z0-9#*.,:;()<>/-]*$/);
        expect(outside.match(/<[^>]*>/g) ?? []).toEqual(
          folds ? ['<details>', '<summary>', '<code>', '</code>', '</summary>', '</details>'] : [],
        );
        expect(outside).not.toMatch(/https?:/);
      }),
      { numRuns: 300 },
    );
  });
});

/** What is left when code spans, fences and escaped names are taken out. */
function withoutCode(text: string): string {
  return text
    .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
    .replace(/<code>[^<]*<\/code>/g, '<code></code>')
    .replace(/`[^`\n]+`/g, '');
}

describe('cutMarkdown', () => {
  it('keeps within the limit, and leaves neither fence nor fold open', () => {
    const lines = fc.array(
      fc.constantFrom(
        'text',
        '```',
        '````diff',
        '~~~',
        '    ```',
        '<details><summary>x</summary>',
        '</details>',
        'ü'.repeat(50),
        '',
      ),
      { minLength: 150, maxLength: 400 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 600, max: 1_200 }), (all, limit) => {
        const cut = cutMarkdown(all.join('\n'), limit, 'https://muster.example/plans/1');
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        if (cut === all.join('\n')) return;
        expect(cut).toMatch(
          /\n\nCut to fit\. \[The whole text\]\(<https:\/\/muster\.example\/plans\/1>\)\n$/,
        );
        expect(openFence(cut)).toBe(false);
        expect(openFolds(cut)).toBe(0);
      }),
    );
  });

  it('leaves alone what fits', () => {
    expect(cutMarkdown('```\nopen', 100)).toBe('```\nopen');
  });
});

/** Whether a fence is open at the end, judged line by line. */
function openFence(text: string): boolean {
  let fence = '';
  for (const line of text.split('\n')) {
    const found = /^ {0,3}(`{3,}|~{3,})\s*(\S*)/.exec(line);
    if (!found) continue;
    const [, run = '', info] = found;
    if (fence === '') fence = run;
    else if (run.startsWith(fence) && info === '') fence = '';
  }
  return fence !== '';
}

/** How many folds are open at the end, fences aside. */
function openFolds(text: string): number {
  let fence = '';
  let open = 0;
  for (const line of text.split('\n')) {
    const [, run = '', info = ''] = /^ {0,3}(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    if (fence === '' && run !== '') fence = run;
    else if (fence !== '' && run.startsWith(fence) && info === '') fence = '';
    else if (fence === '' && line.includes('<details>')) open += 1;
    else if (fence === '' && line.includes('</details>')) open = Math.max(0, open - 1);
  }
  return open;
}
