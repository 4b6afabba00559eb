import { describe, expect, it } from 'vitest';
import { concealReport } from '../../../src/app/conceal-report.ts';
import type { AgentReport } from '../../../src/model/index.ts';
import { hashOf, healthOf, reportOf } from '../../support/agents.ts';

const secret = 'canary-1';
const said = `cannot use ${secret} at Bearer abcdef123456`;
const masked = 'cannot use [REDACTED] at Bearer [REDACTED]';
const conceal = (report: Partial<AgentReport>) => concealReport(reportOf(report), () => [secret]);

describe('concealReport', () => {
  it('masks what a collector says of its health, down to its components', () => {
    const inner = new Map([['pipeline', { ...healthOf(false), lastError: said }]]);
    const { health } = conceal({
      health: { ...healthOf(false), lastError: said, status: said, components: inner },
    });
    expect(health).toMatchObject({ lastError: masked, status: masked });
    expect(health?.components.get('pipeline')?.lastError).toBe(masked);
  });

  it('masks why a config, connection settings and packages were refused', () => {
    const status = { hash: hashOf('a'), state: 'failed', errorMessage: said } as const;
    const one = {
      name: 'x',
      hasVersion: '',
      hasHash: '',
      offeredVersion: '',
      offeredHash: '',
      state: 'install-failed',
    } as const;
    const packages = new Map([['x', { ...one, errorMessage: said }]]);
    const report = conceal({
      remoteConfigStatus: status,
      connectionSettingsStatus: status,
      packageStatuses: { packages, offeredHash: '', errorMessage: said },
    });
    expect(report.remoteConfigStatus).toEqual({ ...status, errorMessage: masked });
    expect(report.connectionSettingsStatus).toEqual({ ...status, errorMessage: masked });
    expect(report.packageStatuses?.errorMessage).toBe(masked);
    expect(report.packageStatuses?.packages.get('x')?.errorMessage).toBe(masked);
  });

  it('a report without words is passed on as it is, and no secret is looked up for it', () => {
    const heartbeat = reportOf();
    const refuse = () => {
      throw new Error('looked up');
    };
    expect(concealReport(heartbeat, refuse)).toBe(heartbeat);
    expect(concealReport(reportOf({ health: healthOf(true) }), refuse).health).toEqual(healthOf(true));
  });
});
