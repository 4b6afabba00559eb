import { readdirSync, readFileSync } from 'node:fs';
import { deviations, groups, type Level, type Rule } from './rules.ts';

const levels = { M: 'MUST', S: 'SHOULD', Y: 'MAY', I: 'interoperability', P: 'our policy' } as const;

const introduction = `# OpAMP conformance

Every rule of the protocol for servers, and the tests that hold Muster to it: on the *wire* over real sockets, in the
*state* of the fleet over reports, or in the *decision* about an offer. Levels: MUST, SHOULD and MAY are the
specification's; *interoperability* is what deployed clients need; *our policy* is Muster's own rule where the
specification leaves room. This page is generated from the names of the tests (\`npx vitest run test/conformance -u\`)
and a test fails when it is out of date; the build fails when one of the tests does, so that "passes" is true of every
published version. "no test" is a gap, and is counted as one.
`;

/** One test, as far as its name tells. */
interface Check {
  readonly id: string;
  readonly level: Level;
  readonly text: string;
  readonly place: string;
}

/** By the folder of the test. */
const places: readonly (readonly [folder: string, place: string])[] = [
  ['opamp-server', 'wire'],
  ['fleet', 'state'],
];

/** The page: all rules, each with the tests under `directory` whose names start with its id and a level. */
export function composeConformancePage(directory: URL): string {
  const checks = listTests(directory).flatMap((file) => readChecks(file));
  const rules = groups.map(([title, text]) => [title, text.split('\n').map(parseRule)] as const);
  const known = new Set(rules.flatMap(([, own]) => own.map(({ id }) => id)));
  const strangers = checks.filter(({ id }) => !known.has(id));
  if (strangers.length > 0) throw new Error(`no such rule: ${strangers.map(({ id }) => id).join(', ')}`);
  const sections = rules.map(([title, own]) => composeSection(title, own, checks));
  return [introduction, composeSummary(known, checks), ...sections, composeDeviations()].join('\n');
}

function listTests(directory: URL): URL[] {
  const names = readdirSync(directory, { recursive: true }).map(String).sort();
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => new URL(name, directory));
}

function parseRule(line: string): Rule {
  const [id = '', level = '', ...words] = line.split(' ');
  return { id, level: level as Level, rule: words.join(' ') };
}

function readChecks(file: URL): Check[] {
  const named = /(['"])(C-[A-Z]+-\d+ \[[MSYIP]\] (?:(?!\1)[^\\]|\\.)+)\1/g;
  const place = places.find(([folder]) => file.pathname.includes(`/${folder}/`))?.[1] ?? 'decision';
  return [...readFileSync(file, 'utf8').matchAll(named)].flatMap(([, , name]) =>
    splitName(name ?? '', place),
  );
}

// A test may hold to two rules at once: "C-A-1 [M] one thing, C-A-2 [I] another".
function splitName(name: string, place: string): Check[] {
  return name.split(/,? (?=C-[A-Z]+-\d+ \[)/).flatMap((part) => {
    const [, id = '', level = '', text = ''] = /^(C-[A-Z]+-\d+) \[([MSYIP])\] (.+)$/.exec(part) ?? [];
    return { id, level: level as Level, text: toProse(text), place };
  });
}

// A test that runs over a table names its row in a placeholder, which says nothing here.
function toProse(text: string): string {
  return text
    .replaceAll("\\'", "'")
    .replace(': %s', '')
    .replace('%s', '…')
    .replace('%i', 'any other number of')
    .replaceAll('|', '\\|');
}

function composeSummary(known: ReadonlySet<string>, checks: readonly Check[]): string {
  const tested = new Set(checks.map(({ id }) => id));
  const missing = [...known].filter((id) => !tested.has(id));
  const gaps = missing.length === 0 ? 'none is without a test' : `without a test: ${missing.join(', ')}`;
  return `${known.size} rules, ${checks.length} tests; ${gaps}; ${deviations.length} deliberate deviations, [below](#deviations).\n`;
}

function composeSection(title: string, rules: readonly Rule[], checks: readonly Check[]): string {
  const rows = rules.map(({ id, level, rule }) => {
    const own = checks.filter((check) => check.id === id);
    const tests = own.map(({ text, place }) => `${text} (${place})`).join('<br>');
    const isDeviation = deviations.some((deviation) => deviation.id === id);
    const result = `${own.length > 0 ? 'passes' : '**no test**'}${isDeviation ? ', [deviates](#deviations)' : ''}`;
    return `| ${id} | ${levels[level]} | ${rule} | ${tests} | ${result} |`;
  });
  return `## ${title}\n\n| id | level | rule | tests | result |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function composeDeviations(): string {
  const rows = deviations.map(({ id, what, why }) => `| ${id} | ${what} | ${why} |`);
  return `## Deviations\n\n| id | what Muster does | why |\n|---|---|---|\n${rows.join('\n')}\n`;
}
