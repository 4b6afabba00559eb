/** One row of schemas/collector/catalogue.json. */
export interface CatalogueRow {
  readonly kind: string;
  readonly type: string;
  readonly alias?: string;
  readonly aliasSince?: string;
  readonly aliasGap?: string;
  readonly module: string;
  readonly signals: Readonly<Record<string, string>>;
  readonly distributions: readonly string[];
  readonly history?: Readonly<Record<string, string>>;
  readonly firstSeen: string;
  readonly removedIn?: string;
  readonly deprecated?: string;
  readonly unsupportedPlatforms?: string;
}

const columns =
  'kind|type|alias|alias since|alias gap|signals:stability|builds|history|first seen|removed in|core|deprecated';

/** The source of src/validation/rules/otelcol/catalogue.ts for these rows. */
export function composeCatalogueModule(rows: readonly CatalogueRow[]): string {
  const lines = rows.map((row) =>
    [
      row.kind,
      row.type,
      row.alias ?? '',
      row.aliasSince ?? '',
      row.aliasGap ?? '',
      pairs(row.signals).join(' '),
      row.distributions.join(' '),
      pairs(row.history ?? {}).join(' '),
      row.firstSeen,
      row.removedIn ?? '',
      row.module.startsWith('go.opentelemetry.io/collector/') ? 'core' : '',
      row.deprecated ?? '',
    ].join('|'),
  );
  return `/**
 * Component facts, one line each: ${columns}.
 * Written from schemas/collector/catalogue.json (npx vitest run test/golden/validation -u), which a test compares.
 */
export const catalogueTable = \`
${lines.join('\n')}
\`;
`;
}

function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([key, value]) => `${key}:${value}`);
}
