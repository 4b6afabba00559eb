import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { composeCollectorSchema, importedSchemaFolder } from '../../validation/index.ts';
import type { Console } from '../console.ts';
import { type ImportedSchema, importSchemas } from '../schema-import/import-schemas.ts';
import { usageError } from '../usage-error.ts';

/** `muster schema import`: exact component schemas from a local checkout of a distribution, into the user’s repo. */
export function addSchemaCommands(program: Command, console: Console): void {
  const schema = program.command('schema').description('schemas of collector components');
  schema
    .command('import')
    .description('read the component schemas of a distribution into this fleet repo')
    .argument('<dir>', 'checkout of a collector distribution, or a folder of the Go module cache')
    .option('--repo <dir>', 'folder of the fleet repo', '.')
    .action(async (dir: string, { repo }: { readonly repo: string }) => {
      const root = resolve(console.directory, repo);
      const report = (done: number, total: number) => {
        if (console.errIsTerminal) console.err(`\r${done}/${total} schemas read`);
      };
      const imported = await importSchemas(resolve(console.directory, dir), report);
      if (console.errIsTerminal) console.err('\n');
      if (imported.length === 0)
        throw usageError(
          `${dir} has no component schemas: give a checkout of release 0.157 or newer, with config.schema.yaml beside each metadata.yaml`,
        );
      await writeSchemas(root, imported);
      console.out(
        `wrote ${imported.length} schemas below ${importedSchemaFolder}; commit them, and muster validate prefers them\n`,
      );
    });
}

/** Replaces what was imported before, so that a component that went is gone here too. */
async function writeSchemas(root: string, imported: readonly ImportedSchema[]): Promise<void> {
  const folder = join(root, importedSchemaFolder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { kind, type, schema } of imported)
    await writeJson(join(folder, `${kind}-${type}.json`), schema);
  const kinds = new Set(imported.map(({ kind }) => kind));
  const typesOf = (kind: string) => imported.filter((one) => one.kind === kind).map(({ type }) => type);
  const byKind = Object.fromEntries([...kinds].map((kind) => [kind, typesOf(kind)]));
  await writeJson(join(root, '.muster/schemas/collector.schema.json'), composeCollectorSchema(byKind));
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}
