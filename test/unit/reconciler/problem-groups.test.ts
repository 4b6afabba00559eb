import { expect, it } from 'vitest';
import type { Problem } from '../../../src/model/index.ts';
import { createProblemGroups } from '../../../src/reconciler/view/list-problems.ts';

const problem = (code: string, line: number): Problem =>
  ({
    severity: 'error',
    code,
    message: 'is wrong',
    tenant: 'acme',
    file: 'a.yaml',
    line,
    column: 1,
  }) as Problem;

it('groups the problems of a revision once for each question, and keeps few of them', () => {
  const groupsOf = createProblemGroups();
  const problems = [problem('OC001', 1), problem('OC001', 2), problem('OC002', 3)];
  const first = groupsOf(problems, '*', { limit: 1 });
  expect(first).toMatchObject({ seen: { errors: 3 }, groups: [{ count: 2 }, { count: 1 }] });
  expect(groupsOf(problems, '*', { limit: 1, cursor: '1' })).toBe(first);
  expect(groupsOf(problems, '*', { limit: 1, code: 'OC002' }).groups).toHaveLength(1);
  expect(groupsOf(problems, 'globex', { limit: 1 })).toMatchObject({ seen: { errors: 0 }, groups: [] });
  for (let code = 0; code < 40; code += 1) groupsOf(problems, '*', { limit: 1, code: `OC${code}` });
  expect(groupsOf(problems, '*', { limit: 1 })).not.toBe(first);
  expect(groupsOf([...problems, problem('OC003', 4)], '*', { limit: 1 }).groups).toHaveLength(3);
});
