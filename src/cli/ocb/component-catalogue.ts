import { readFile } from 'node:fs/promises';
import { packageFile } from '../package-file.ts';

/** What is known of one component type: its names, its Go module, and which releases have it. */
export interface ComponentModule {
  /** `kind/type`, by the newest name. */
  readonly name: string;
  readonly module: string;
  /** The first release without it, such as `0.154.0`. */
  readonly removedIn: string | undefined;
}

/** Component modules by `kind/type`; older names lead to the same entry. */
export type ComponentCatalogue = ReadonlyMap<string, ComponentModule>;

interface CatalogueRow {
  readonly kind: string;
  readonly type: string;
  readonly alias?: string;
  readonly module: string;
  readonly removedIn?: string;
}

/** Reads the catalogue that ships with the package. */
export async function readComponentCatalogue(): Promise<ComponentCatalogue> {
  const text = await readFile(packageFile('schemas/collector/catalogue.json'), 'utf8');
  return indexCatalogue(JSON.parse(text) as readonly CatalogueRow[]);
}

function indexCatalogue(rows: readonly CatalogueRow[]): ComponentCatalogue {
  const known = new Map<string, ComponentModule>();
  const older: (readonly [string, ComponentModule])[] = [];
  for (const { kind, type, alias, module, removedIn } of rows) {
    const name = `${kind}/${type}`;
    const component = { name, module, removedIn };
    known.set(name, component);
    if (alias !== undefined) older.push([`${kind}/${alias}`, component]);
  }
  // A type of its own wins over the older name of another.
  for (const [name, component] of older) if (!known.has(name)) known.set(name, component);
  return known;
}
