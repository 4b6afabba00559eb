import { describe, expect, it } from 'vitest';
import { composeRevert } from '../../../../src/commit-status/index.ts';
import { counts } from '../summaries.ts';
import { head } from './plans.ts';

const failed = {
  tenant: 'acme',
  agents: counts({ matched: 40, failed: 2 }),
  failures: [
    { uid: 'u', host: 'web-17', reason: 'exporters: cannot unmarshal "s3cret"; exit code 1' },
    { uid: 'v', host: 'web-18', reason: 'unhealthy' },
  ],
};
const evidence = { sha: head, subject: 'Raise `it` for @team #12', branch: 'main', failed: [failed] };

describe('composeRevert', () => {
  it('names the revision, what failed and where to read on', () => {
    expect(composeRevert({ ...evidence, wholeUrl: 'https://muster.example/r/1' })).toEqual({
      branch: 'muster/revert-8be2f10',
      base: 'main',
      title: 'Revert 8be2f10: Raise `it` for @team #12',
      wholeUrl: 'https://muster.example/r/1',
      body: [
        `This takes back ${head}, \`Raise 'it' for @team #12\`.`,
        'Its rollout failed:',
        '- `acme`: `2 failed: web-17 exit code 1, web-18 unhealthy` of 40 agents',
        'Merging this brings the branch back to what was there before it.',
        '[The whole evidence](<https://muster.example/r/1>)\n',
      ].join('\n\n'),
    });
  });

  it('tells no word of an agent', () => {
    expect(JSON.stringify(composeRevert(evidence))).not.toContain('s3cret');
  });

  it('counts tenants past twenty', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...failed, tenant: `t${index}` }));
    const { body } = composeRevert({ ...evidence, failed: many });
    expect(body).toContain('- and 5 more tenants\n');
    expect(body).not.toContain('`t20`');
  });
});
