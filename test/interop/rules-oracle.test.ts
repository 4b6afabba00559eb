import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { agentTypes } from '../../src/agent-types/index.ts';
import { checkBuild, lintConfig } from '../../src/validation/rules/index.ts';
import { type RuleCase, ruleCases } from './rule-cases.ts';
import { withCollector } from './support/collector.ts';

/** Codes of the errors that Muster finds in a config for agents that report these components, each once. */
function findErrors(config: string, components: ReadonlySet<string>): readonly string[] {
  const { tree, problems } = agentTypes.otelcol.parse(new TextEncoder().encode(config), 'config.yaml');
  const found = [...problems, ...(tree ? lintConfig(tree) : [])];
  const codes = found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const used = tree ? agentTypes.otelcol.components(tree) : [];
  const verdict = checkBuild(used, { kind: 'known', components });
  return [...new Set([...codes, ...(verdict.kind === 'cannot-run' ? ['OC020'] : [])])].sort();
}

const builds = { small: inject('peers').collector, contrib: inject('peers').collectorSixty };
const components: Record<keyof typeof builds, ReadonlySet<string>> = { small: new Set(), contrib: new Set() };

beforeAll(async () => {
  for (const build of ['small', 'contrib'] as const) {
    components[build] = await withCollector(builds[build], (collector) => collector.components());
    expect(components[build].size).toBeGreaterThan(10);
  }
});

async function judge({ config, build = 'small' }: Pick<RuleCase, 'config' | 'build'>) {
  const { accepted, output } = await withCollector(builds[build], ({ validate }) => validate(config));
  return { accepted, output, errors: findErrors(config, components[build]) };
}

describe('rules, against the collector’s own `validate`', () => {
  const accepted = ruleCases.filter(
    ({ collector, errors }) => collector === 'accepts' && errors.length === 0,
  );
  const others = ruleCases.filter((one) => !accepted.includes(one));

  it.each(accepted)('takes: $name', async (one) => {
    const { accepted: isAccepted, errors, output } = await judge(one);
    expect({ isAccepted, errors, output }).toEqual({ isAccepted: true, errors: [], output });
  });

  it.each(others)('refuses: $name', async (one) => {
    const { accepted: isAccepted, errors, output } = await judge(one);
    expect({ isAccepted, output }).toEqual({ isAccepted: one.collector === 'accepts', output });
    expect(errors).toEqual(expect.arrayContaining([...one.errors]));
  });

  it('are at least 75 good and 75 bad ones', () => {
    expect(accepted.length).toBeGreaterThanOrEqual(75);
    expect(ruleCases.filter(({ collector }) => collector === 'refuses').length).toBeGreaterThanOrEqual(75);
  });
});

describe('the configs without an error', () => {
  const folder = new URL('../golden/validation/good-configs/', import.meta.url);
  /** These need files of the agent, or a cluster, to be accepted. */
  const elsewhere = new Set(['indirections.yaml', 'daemonset.yaml']);
  const files = readdirSync(folder).filter((name) => !elsewhere.has(name));

  it('are accepted by a collector that has their components', async () => {
    const ran: string[] = [];
    for (const name of files) {
      const config = readFileSync(new URL(name, folder), 'utf8');
      if (findErrors(config, components.contrib).length > 0) continue;
      for (const [, variable = ''] of config.matchAll(/\$\{(?:env:)?(\w+)\}/g)) process.env[variable] = 'x';
      const { accepted, output } = await judge({ config, build: 'contrib' });
      expect({ name, accepted, output }).toEqual({ name, accepted: true, output });
      ran.push(name);
    }
    expect(ran.length).toBeGreaterThanOrEqual(8);
  });
});

describe('the catalogue, against what real builds hold', () => {
  const releases = [
    ['small', inject('peers').collector, '0.159.0'],
    ['contrib', inject('peers').collectorSixty, '0.159.0'],
    ['older', inject('peers').collectorOld, '0.139.0'],
  ] as const;

  it.each(releases)('nothing of the %s build is doubted', async (_name, collector, version) => {
    const held = await withCollector(collector, (oracle) => oracle.components());
    expect(held.size).toBeGreaterThan(10);
    const verdict = checkBuild([...held], { kind: 'guess', distribution: 'contrib', version });
    expect(verdict).toEqual({ kind: 'runs' });
  });

  const named = (type: string): string =>
    `receivers: {otlp: {protocols: {grpc: {}}}}\nexporters: {${type}: {endpoint: "http://localhost:4318"}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [${type}]}}}`;

  it.each([
    ['otlphttp', true, true],
    ['otlp_http', false, true],
  ])('%s is taken by 0.139: %s, by 0.159: %s', async (type, byOld, byNew) => {
    const config = named(type);
    const used = ['receiver/otlp', `exporter/${type}`];
    for (const [collector, version, takes] of [
      [inject('peers').collectorOld, '0.139.0', byOld],
      [inject('peers').collector, '0.159.0', byNew],
    ] as const) {
      const { accepted, held } = await withCollector(collector, async (oracle) => ({
        accepted: (await oracle.validate(config)).accepted,
        held: await oracle.components(),
      }));
      expect(accepted).toBe(takes);
      expect(checkBuild(used, { kind: 'known', components: held }).kind !== 'cannot-run').toBe(takes);
      expect(checkBuild(used, { kind: 'guess', version }).kind === 'runs').toBe(takes);
    }
  });
});
