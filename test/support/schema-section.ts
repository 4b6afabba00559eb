import { componentShapes } from '../../src/validation/component-schemas/index.ts';
import { missedSettings } from '../interop/validation-oracle-misses.ts';

/** The one component whose schema is compared with an older collector only: no build at 0.159 can hold it. */
const provedAtOldLine = 'routing connector';

/** The part of docs/rules.md on schemas: whose settings are judged, how that was proved, and what is let through. */
export function composeSchemaSection(): string {
  const kinds = Object.entries(componentShapes);
  const rows = kinds.map(
    ([kind, shapes]) =>
      `| ${kind} | ${Object.keys(shapes)
        .map((type) => `\`${type}\``)
        .join(', ')} |`,
  );
  const count = kinds.reduce((sum, [, shapes]) => sum + Object.keys(shapes).length, 0);
  const misses = missedSettings.map(
    ({ component, settings, reason }) => `| ${component} | \`${settings}\` | ${reason} |`,
  );
  return `## Settings of components

OC024, OC025 and OC026 know the settings of ${count} components. Of every other one only the catalogue vouches: that it
exists, in which releases and builds, and for which signals; its settings are not judged, unless \`muster schema import\`
has read them from its distribution.

| kind | types |
|---|---|
${rows.join('\n')}

The interop run compares the rules with the collector's own \`validate\`: with a build at 0.159 that holds these
components (a few at the newest release before it; the ${provedAtOldLine} only at 0.139, so read it as less certain), and
with a build at 0.139. No config that a collector takes may have an error here. Of those that it refuses, these are let
through:

| component | settings | why |
|---|---|---|
${misses.join('\n')}
`;
}
