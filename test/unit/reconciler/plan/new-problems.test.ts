import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../src/model/index.ts';
import { findNewProblems } from '../../../../src/reconciler/plan/new-problems.ts';

function problemOf(over: Partial<Problem> = {}): Problem {
  return { code: 'OC011', severity: 'error', file: 'a.yaml', line: 1, column: 1, message: 'm', ...over };
}

describe('findNewProblems', () => {
  it('counts one that only moved as the base’s', () => {
    expect(findNewProblems([problemOf()], [problemOf({ line: 9 })])).toEqual([]);
  });

  it('finds the second of two equal ones', () => {
    const second = problemOf({ line: 9 });
    expect(findNewProblems([problemOf()], [problemOf(), second])).toEqual([second]);
  });

  it('finds a warning that became an error, and tells errors first', () => {
    const warning = problemOf({ severity: 'warning', message: 'n' });
    const error = problemOf();
    expect(findNewProblems([problemOf({ severity: 'warning' })], [warning, error])).toEqual([error, warning]);
  });

  it('leaves out what is only information', () => {
    expect(findNewProblems([], [problemOf({ severity: 'info' })])).toEqual([]);
  });
});
