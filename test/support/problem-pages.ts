import type { ProblemCode } from '../../src/validation/codes.ts';
import type { ExampleAgents, PlanRule, Rule } from '../../src/validation/rules/index.ts';

/** The text of docs/rules.md; `sections` are put at its end. */
export function composeRulesPage(
  rules: readonly Rule<never>[],
  planRules: readonly PlanRule[],
  sections: readonly string[] = [],
): string {
  return `# Lint rules

${rules.length} rules look at the *merged* config of an AgentConfig: without overlays, with each overlay alone and with all
of them. A finding names the file, line and column of whoever set the faulty node. \`error\` keeps the tenant's last good
revision in force, \`warning\` and \`info\` do not. Nothing is said about a value that holds \`\${…}\`, since only the agent
knows it. Some rules tell a lesser severity than their own where they cannot be sure.

A Fleet sets severities, or turns a rule off: \`rules: {OC041: off}\` in \`fleet.yaml\`. OC001, OC002, OC039 and OC040
cannot be set: they leave nothing safe to deliver.

What an agent's build holds is known for sure where the agent reports its components: a config that it cannot run is held
for that agent, and the status says so. \`service.name\` and \`requires.version\` are a guess, and a guess is a warning.

<!-- Written from the rules themselves: npx vitest run test/golden/validation -u -->

| rule | severity | finds |
|---|---|---|
${[...rules, ...planRules].map(describeRow).join('\n')}

${rules.map(describeRule).join('\n')}
## Plan rules

These compare a config with the one before a change, in \`muster plan\` and in the status of a pull request.

${planRules.map(describePlanRule).join('\n')}${sections.map((section) => `\n${section}`).join('')}`;
}

type Row = Pick<Rule<never>, 'code' | 'name' | 'severity' | 'summary'>;

function describeRow({ code, name, severity, summary }: Row): string {
  return `| [${code}](#${code.toLowerCase()}-${name}) | ${severity} | ${summary} |`;
}

function describeRule({ code, name, severity, summary, advice, bad, good, agents }: Rule<never>): string {
  const where = agents ? describeAgents(agents) : '';
  return `## ${code} ${name}

*${severity}.* ${summary} ${advice}

Bad${where}:
\`\`\`yaml
${bad}\`\`\`
Good:
\`\`\`yaml
${good}\`\`\`
`;
}

function describeAgents({ builds, version, env }: ExampleAgents): string {
  const facts = [
    ...(builds ? [`service.name is ${builds.join(' or ')}`] : []),
    ...(version === undefined ? [] : [`\`requires.version: "${version}"\``]),
    ...(env ? [`\`requires.env: [${env.join(', ')}]\``] : []),
  ];
  return ` (${facts.join(', ')})`;
}

function describePlanRule({ code, name, severity, summary, advice, before, after }: PlanRule): string {
  return `## ${code} ${name}

*${severity}.* ${summary} ${advice}

Before:
\`\`\`yaml
${before}\`\`\`
After:
\`\`\`yaml
${after}\`\`\`
`;
}

const begin = '<!-- problem codes: written from the catalogues, npx vitest run test/golden/validation -u -->';
const end = '<!-- end of problem codes -->';

/** docs/errors.md with its part on problem codes brought up to date; the rest of the page is kept. */
export function composeErrorsPage(
  page: string,
  codes: Readonly<Record<string, ProblemCode>>,
  titles: Readonly<Record<string, string>>,
): string {
  const rows = Object.entries(codes).map(([code, { severity, title, fix }]) => [code, severity, title, fix]);
  const plain = Object.entries(titles).map(([code, title]) => [
    code,
    '',
    title,
    'See “Selectors” in docs/spec.',
  ]);
  const table = [...rows, ...plain]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map((cells) => `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
  const section = `${begin}
## Problems in a fleet repo

A problem is a mistake in what somebody committed: it has a code, a severity, a file, a line and a column, and never
stops another tenant. Codes starting with \`OC\` are lint rules, on [their own page](rules.md).

| code | severity | problem | what to do |
|---|---|---|---|
${table}
${end}`;
  const start = page.indexOf(begin);
  const stop = page.indexOf(end);
  if (start < 0 || stop < 0) return `${page.trimEnd()}\n\n${section}\n`;
  return page.slice(0, start) + section + page.slice(stop + end.length);
}
