import { describe, expect, inject, it } from 'vitest';
import { agentTypes } from '../../src/agent-types/index.ts';
import { lintConfig } from '../../src/validation/index.ts';
import { ruleCases } from './rule-cases.ts';
import { withCollector } from './support/collector.ts';
import { composeCase } from './support/compose-case.ts';
import { badSettings } from './validation-oracle-bad.ts';
import { goodSettings } from './validation-oracle-good.ts';
import { missedSettings } from './validation-oracle-misses.ts';
import { oldSettings } from './validation-oracle-old.ts';

interface OracleCase {
  readonly name: string;
  readonly config: string;
  /** Codes of the errors that Muster is to find, space-separated. */
  readonly errors: string;
}

interface Judged extends OracleCase {
  readonly accepted: boolean;
  readonly output: string;
  readonly found: string;
}

/** `kind type` as the case’s name says it, and the config around it. */
function composeNamed(component: string, settings: string, errors: string): OracleCase {
  const [kind = '', type = ''] = component.split(' ');
  return { name: `${component} ${settings}`, config: composeCase(kind, type, settings), errors };
}

const good = Object.entries(goodSettings).flatMap(([component, list]) =>
  list.map((settings) => composeNamed(component, settings, '')),
);
const bad = Object.entries(badSettings).flatMap(([component, list]) =>
  list.map(([errors, settings]) => composeNamed(component, settings, errors)),
);
const missed = missedSettings.map(({ component, settings }) => composeNamed(component, settings, ''));
const old = Object.entries(oldSettings).flatMap(([component, list]) =>
  list.map(([errors, settings]) => composeNamed(component, settings, errors)),
);

function findErrors(config: string, version: string): string {
  const { tree, problems } = agentTypes.otelcol.parse(new TextEncoder().encode(config), 'config.yaml');
  const found = [...problems, ...(tree ? lintConfig(tree, { version }) : [])];
  return [...new Set(found.filter(({ severity }) => severity === 'error').map(({ code }) => code))]
    .sort()
    .join(' ');
}

/** Asks the collector and Muster about each case, a few at a time. */
async function judge(
  collector: string,
  cases: readonly OracleCase[],
  version: string,
): Promise<readonly Judged[]> {
  return withCollector(collector, async ({ validate }) => {
    const judged: Judged[] = [];
    for (let start = 0; start < cases.length; start += 4) {
      const some = cases.slice(start, start + 4).map(async (one) => {
        const { accepted, output } = await validate(one.config);
        return { ...one, accepted, output, found: findErrors(one.config, version) };
      });
      judged.push(...(await Promise.all(some)));
    }
    return judged;
  });
}

/** What a reader of the log sees: how often both agree, and where they do not. */
function printTable(title: string, judged: readonly Judged[]): void {
  const refused = judged.filter(({ accepted }) => !accepted);
  const caught = refused.filter(({ found }) => found !== '');
  const rows = [
    ['accepted by the collector', judged.length - refused.length],
    ['  of these an error here', judged.filter(({ accepted, found }) => accepted && found !== '').length],
    ['refused by the collector', refused.length],
    ['  of these an error here', caught.length],
  ] as const;
  process.stderr.write(
    `${title}\n${rows.map(([label, count]) => `  ${label.padEnd(28)} ${count}\n`).join('')}`,
  );
}

describe('settings, against a collector with every component that Muster knows', () => {
  it('no false error, all bad ones caught but those that are listed, each with the codes that it names', async () => {
    const cases = [...good, ...bad, ...missed];
    const judged = await judge(inject('peers').collectorSixty, cases, '>=0.159.0 <0.160.0');
    printTable(`${cases.length} settings at 0.159`, judged);
    const isGood = new Set(good.map(({ name }) => name));
    const wrong = judged.filter(
      ({ name, accepted, errors, found }) => accepted !== isGood.has(name) || found !== errors,
    );
    expect(wrong.map(({ name, accepted, found, output }) => ({ name, accepted, found, output }))).toEqual([]);
    expect(bad.length / (bad.length + missed.length)).toBeGreaterThanOrEqual(0.95);
    expect(good.length).toBeGreaterThanOrEqual(75);
    expect(bad.length).toBeGreaterThanOrEqual(75);
  });

  it('at an older line, what came later is an error and what was there before is none', async () => {
    const judged = await judge(inject('peers').collectorOld, old, '>=0.139.0 <0.140.0');
    printTable(`${old.length} settings at 0.139`, judged);
    const wrong = judged.filter(
      ({ accepted, errors, found }) => accepted !== (errors === '') || found !== errors,
    );
    expect(wrong.map(({ name, accepted, found, output }) => ({ name, accepted, found, output }))).toEqual([]);
  });
});

describe('all cases together', () => {
  it('are at least 300, half of them good', () => {
    const isGood = ruleCases.filter(({ collector }) => collector === 'accepts').length + good.length;
    const isBad =
      ruleCases.filter(({ collector }) => collector === 'refuses').length + bad.length + missed.length;
    expect(isGood).toBeGreaterThanOrEqual(150);
    expect(isBad).toBeGreaterThanOrEqual(150);
  });

  it('at least 95 of 100 bad ones are caught', () => {
    const refused = ruleCases.filter(({ collector }) => collector === 'refuses');
    const caught = refused.filter(({ errors }) => errors.length > 0).length + bad.length;
    const all = refused.length + bad.length + missed.length;
    process.stderr.write(`all bad configs: ${caught} of ${all} caught\n`);
    expect(caught / all).toBeGreaterThanOrEqual(0.95);
  });
});
