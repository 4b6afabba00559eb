import { describe, expect, it } from 'vitest';
import { type CommentFormat, composePlanComment } from '../../../../src/commit-status/index.ts';
import { fullPlan, planOf } from './plans.ts';

const folding: CommentFormat = { maxBytes: 60_000, folds: true };
const plain: CommentFormat = { maxBytes: 30_000, folds: false };
const wholeUrl = 'https://muster.example/plans/8be2f10';

describe('composePlanComment', () => {
  it('says in one sentence that nothing changes', () => {
    expect(composePlanComment(planOf(), { format: folding })).toBe(
      [
        '### Muster plan for `8be2f10`',
        'No agent gets another config (42310 agents known). Compared with `3f2a91c`.',
        'Planned at `2026-11-22T11:40:00Z` for the fleet as it was then.\n',
      ].join('\n\n'),
    );
  });

  it('tells everything, what somebody loses first', () => {
    const text = composePlanComment(fullPlan(), { format: folding, wholeUrl });
    expect(text).toContain('**Held by a guard.** **611 of 42310 agents in 2 tenants get another config.**');
    expect(text).toContain(`[The whole plan](<${wholeUrl}>)`);
    expect(text.match(/^#### .*$/gm)).toEqual([
      '#### Held by a guard until somebody approves',
      '#### Removals',
      '#### Left without a config',
      '#### Conflicts',
      '#### Problems',
      '#### Kept as they are until their errors are mended',
      '#### Cannot run it',
      '#### Held for another reason',
      '#### Credentials that go',
      '#### First adoptions, with no way back',
      '#### Owners that lose agents',
      '#### Findings',
      '#### Overlaps that a priority decides',
      '#### Selectors that match no agent',
      '#### Agents that change',
      '#### Changes',
    ]);
    for (const line of [
      '- `acme/edge-gpu` loses 12 agents, held by the guard at `tenants/acme/edge-gpu.yaml:1:1`',
      '- `a` and `b` of `acme` both match 2 agents',
      '- `edge` and `edge-gpu` of `acme` both match 6 agents, such as `host.name=web-17`; `edge` wins',
      '- 37 agents of `acme/edge` lack `processor/filter`, `version >=0.120.0`',
      '- `bootstrap` of `acme`, used by 40 agents',
      '- error `OC011` at `tenants/acme/edge/collector.yaml:7:30`: `exporter "otlp_htp" is not defined`',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('folds diffs where the host does, and uses no HTML where it does not', () => {
    expect(composePlanComment(fullPlan(), { format: folding })).toContain(
      '<details><summary><code>acme/edge</code> on 599 agents</summary>\n\n```diff\n@@ -1 +1 @@\n-queue_size: 10\n+queue_size: 20\n```\n\n</details>',
    );
    const text = composePlanComment(fullPlan(), { format: plain });
    expect(text).toContain('`acme/edge` on 599 agents\n\n```diff\n');
    expect(text).not.toMatch(/<[a-z/]/i);
  });

  it('counts what a list is too long for', () => {
    const byConfig = Array.from({ length: 50 }, (_, index) => ({
      tenant: 't',
      config: `c${index}`,
      agents: 1,
    }));
    const plan = planOf({ blast: { agents: 50, ofAgents: 50, tenants: 1, byConfig } });
    expect(composePlanComment(plan, { format: folding })).toMatch(/`t\/c19`: 1 agent\n- and 30 more\n/);
  });

  it('shows as many diffs as there is room for, and counts the others', () => {
    const diffs = Array.from({ length: 100 }, (_, index) => ({
      tenant: 't',
      config: `c${index}`,
      agents: 100 - index,
      diff: `+${'x'.repeat(79)}\n`.repeat(400),
    }));
    const text = composePlanComment(planOf({ diffs }), { format: plain, wholeUrl });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(plain.maxBytes);
    expect(text.match(/^```diff$/gm)).toHaveLength(1);
    expect(text).toContain('\n... cut to fit\n```\n');
    expect(text).toContain('99 distinct changes not shown here.');
    expect(text).not.toContain('Cut to fit.');
  });

  it('tells only how many where the head may not be trusted with values', () => {
    const diffs = [{ tenant: 't', config: 'c', agents: 5, diff: '' }];
    const text = composePlanComment(planOf({ diffs }), { format: folding });
    expect(text).toContain('#### Changes\n\n1 distinct change not shown here.');
    expect(text).not.toContain('```');
  });

  it('says that lists were cut', () => {
    expect(composePlanComment(planOf({ truncated: true }), { format: folding })).toMatch(/Lists are cut/);
  });
});
