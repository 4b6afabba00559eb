import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics, createStandbyMetrics } from '../../src/http-api/index.ts';
import { environmentName, type Setting, settings } from '../../src/runtime/index.ts';
import { codeBlocks, codeSpans, listDocs, readDoc, repoRoot } from '../support/docs.ts';

const pages = ['README.md', ...listDocs()];
const sourceRoot = join(repoRoot, 'src');
const source = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(sourceRoot, path), 'utf8'))
  .join('\n');

function unknownNames(page: string, pattern: RegExp, isKnown: (name: string) => boolean): readonly string[] {
  return [...readDoc(page).matchAll(pattern)].map(([name]) => name).filter((name) => !isKnown(name));
}

// Each tenant's name makes a variable; Connections at the root may use every one that begins like theirs.
const families = ['MUSTER_SECRETS_KEY_', 'MUSTER_CONNECTION_'];
const variables = new Set([
  'MUSTER_CONFIG',
  'MUSTER_SERVER',
  'MUSTER_TOKEN',
  'MUSTER_AGENT_TOKEN',
  'MUSTER_',
]);
for (const setting of settings as readonly Setting[]) {
  variables.add(environmentName(setting));
  if (setting.secret) variables.add(`${environmentName(setting)}_FILE`);
}

const counts = {} as Parameters<typeof createMetrics>[0]['counts'] extends () => infer Counts
  ? Counts
  : never;
const ofLeader = await createMetrics({
  counts: () => counts,
  problems: () => ({ errors: 0, warnings: 0 }),
  tenants: () => [],
  lastPollAt: () => undefined,
  owed: () => [],
  now: () => 0,
  leads: () => true,
  storeWaiting: () => 0,
}).text();
const registered = ofLeader + (await createStandbyMetrics(() => 0).text());

function isMetric(name: string): boolean {
  if (registered.includes(`# TYPE ${name} `)) return true;
  const counter = name
    .replace(/^muster_/, '')
    .replace(/_total$/, '')
    .replaceAll('_', '-');
  return name.endsWith('_total') && source.includes(`'${counter}'`);
}

const errors = readDoc('docs/errors.md');
const rules = readDoc('docs/rules.md');
const settingKeys = new Set<string>((settings as readonly Setting[]).map(({ key }) => key));
/** A file of the fleet repo, and a key of a Connection. */
const notSettings = new Set(['secrets.sops.yaml', 'opamp.endpoint']);
const keyGroups = new Set(
  [...settingKeys].filter((key) => key.includes('.')).map((key) => key.split('.')[0]),
);

/** Text of a commit status, cut where numbers and names stand. */
function statusParts(span: string): readonly string[] {
  return span.split(/\d+\/\d+|\b[0-9a-f]{7}\b|\d+|…|[:,]/).map((part) => part.trim());
}

const statusLike =
  /^(?:\d+ failed|\d+\/\d+ |rolling out: |waiting: |held: |\d+ problems|aborted, |no agents match)/;

describe.each(pages)('%s', (page) => {
  it('names only environment variables that there are', () => {
    const isKnown = (name: string) =>
      variables.has(name) || families.some((family) => name.startsWith(family));
    expect(unknownNames(page, /\bMUSTER_[A-Z_]*/g, isKnown)).toEqual([]);
  });

  it('names only metrics that there are', () => {
    expect(unknownNames(page, /\bmuster_[a-z0-9_]+/g, isMetric)).toEqual([]);
  });

  it('names only codes of errors and rules that there are', () => {
    const isKnown = (code: string) =>
      errors.includes(`| ${code} |`) || rules.includes(code) || source.includes(`'${code}'`);
    expect(
      unknownNames(
        page,
        /\b(?:(?:GIT|STATUS|STORE|OPAMP|API|ENGINE)_[A-Z_]*[A-Z]|(?:OC|FR)\d{3})\b/g,
        isKnown,
      ),
    ).toEqual([]);
  });

  it('names only settings that there are', () => {
    const dotted = codeSpans(readDoc(page)).filter((span) => /^[a-z]+(?:\.[a-z]+)*\.[a-zA-Z]+$/.test(span));
    const ours = dotted.filter((span) => keyGroups.has(span.split('.')[0]) && !notSettings.has(span));
    const isKnown = (key: string) =>
      settingKeys.has(key) || [...settingKeys].some((other) => other.startsWith(`${key}.`));
    expect(ours.filter((key) => !isKnown(key))).toEqual([]);
  });

  it('quotes only texts of statuses that there are', () => {
    const quoted = [
      ...codeSpans(readDoc(page)),
      ...codeBlocks(readDoc(page), 'text').flatMap((text) => text.split(/\n| {2,}/)),
    ];
    const parts = quoted.filter((span) => statusLike.test(span)).flatMap(statusParts);
    const words = parts.flatMap((part) => part.split(/ (?=step )|(?<=step) \S+/)).map((part) => part.trim());
    expect(words.filter((part) => / /.test(part) && !source.includes(part))).toEqual([]);
  });
});
