import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { sumCounts } from '../../src/fleet/index.ts';
import { createMetrics } from '../../src/http-api/index.ts';
import { repoRoot } from '../support/docs.ts';

interface Target {
  readonly expr: string;
}

const alerts = parse(readFileSync(join(repoRoot, 'packaging/prometheus/alerts.yaml'), 'utf8')) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
};
const dashboard = JSON.parse(readFileSync(join(repoRoot, 'packaging/grafana/muster.json'), 'utf8')) as {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets?: readonly Target[];
  }[];
};
const rules = alerts.groups.flatMap((group) => group.rules).map(({ alert, expr }) => [alert, expr] as const);
const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);
const sampled = /_(?:bucket|count|sum)$/;

/** Names of what the OpAMP server counts. */
function countedNames(): readonly string[] {
  const folder = join(repoRoot, 'src/opamp-server');
  const texts = readdirSync(folder).map((name) =>
    name.endsWith('.ts') ? readFileSync(join(folder, name), 'utf8') : '',
  );
  return [...texts.join('\n').matchAll(/\bcount\('([a-z-]+)'/g)].map(([, name = '']) => name);
}

const emptyCounts = sumCounts([]);
let exposed: string;

beforeAll(async () => {
  const metrics = createMetrics({
    counts: () => emptyCounts,
    tenants: () => [{ tenant: 'acme', agents: emptyCounts }],
    problems: () => ({ errors: 0, warnings: 0 }),
    lastPollAt: () => 0,
    leads: () => true,
    storeWaiting: () => 0,
    owed: () => [{ name: 'github', outstanding: 0, oldestSince: undefined }],
    now: () => 0,
  });
  for (const name of countedNames()) metrics.count(name);
  metrics.observePass(1, false);
  metrics.observePass(1, true);
  metrics.observeConverged(1);
  metrics.observeGit('resolve', 1, false);
  metrics.observeHost('2xx', 1);
  for (const kind of ['rollout-failed', 'rollout-rolled-back']) metrics.countEvent({ kind });
  exposed = await metrics.text();
});

describe.each([...rules, ...panels])('%s', (_, expression) => {
  it('asks for what /metrics has, by labels that it has', () => {
    const found = [...expression.matchAll(/\b(muster_\w+)(?:\{([^}]*)\})?/g)];
    expect(found.length).toBeGreaterThan(0);
    for (const [, name = '', selector = ''] of found) {
      const lines = exposed
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      expect([name, lines.length > 0]).toEqual([name, true]);
      if (sampled.test(name)) expect(exposed).toContain(`# TYPE ${name.replace(sampled, '')} histogram`);
      for (const [, label, value = ''] of selector.matchAll(/(\w+)=~?"([^"]*)"/g))
        for (const one of value.split('|')) {
          // A variable of the dashboard stands for any value.
          const wanted = one.startsWith('$') ? `${label}="` : `${label}="${one}"`;
          expect([wanted, lines.some((line) => line.includes(wanted))]).toEqual([wanted, true]);
        }
    }
  });
});

describe('packaging/prometheus/alerts.yaml', () => {
  const judge = (spec: unknown) => {
    const rule = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'muster' },
      spec,
    };
    return spawnSync(inject('tools').decode, { input: stringify(rule), encoding: 'utf8' });
  };

  it('is a PrometheusRule whose expressions parse, as those of the dashboard do', () => {
    expect(judge(alerts)).toMatchObject({ status: 0, stderr: '' });
    const shown = panels.map(([title, expr]) => ({
      alert: title,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    expect(judge({ groups: [{ name: 'dashboard', rules: shown }] })).toMatchObject({ status: 0, stderr: '' });
    expect(judge({ groups: [{ name: 'x', rules: [{ alert: 'x', expr: 'sum(by (' }] }] }).status).toBe(1);
  });

  it('names each alert once', () => {
    const names = rules.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('packaging/grafana/muster.json', () => {
  it('names each panel once', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
