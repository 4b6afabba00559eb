import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { codeOnly, findImports, type Import } from './source-file.ts';
import { clientDoor, importTable, impurities, packageHomes, pureFolders, vagueFolders } from './table.ts';

/** Paths relative to `src/`, with `/`, and their text. */
export type Sources = ReadonlyMap<string, string>;

/** The folder of `src/` that a file belongs to; `app` and `main` are folders of their own. */
export function folderOf(file: string): string {
  const slash = file.indexOf('/');
  return slash < 0 ? file.replace(/\.ts$/, '') : file.slice(0, slash);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

const targetOf = (file: string, specifier: string): string => posix.join(posix.dirname(file), specifier);
const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

function checkFolderImport(file: string, found: Import): string | undefined {
  const from = folderOf(file);
  const target = targetOf(file, found.specifier);
  if (target.startsWith('..')) return `leaves src/ for "${found.specifier}"`;
  if (!found.specifier.endsWith('.ts')) return `imports "${found.specifier}" without its .ts extension`;
  const to = folderOf(target);
  if (to === from) return undefined;
  const allowed = importTable[from] ?? [];
  if (allowed !== 'any' && !allowed.includes(to)) return `may not import ${to}`;
  if (target.includes('/') && target !== `${to}/index.ts`)
    return `enters ${to} by ${target}, not by its index.ts`;
  const names = found.names.filter((name) => !clientDoor.includes(name));
  if (from === 'simulator' && to === 'opamp-server' && (names.length > 0 || found.names.length === 0))
    return `takes ${names.join(', ') || 'everything'} from opamp-server, which is not its client door`;
  return undefined;
}

function checkPackageImport(file: string, found: Import): string | undefined {
  const from = folderOf(file);
  if (isBuiltin(found.specifier)) {
    if (!found.specifier.startsWith('node:')) return `imports "${found.specifier}" without node:`;
    if (pureFolders.includes(from) && found.specifier !== 'node:crypto')
      return `is pure and may not import ${found.specifier}`;
    return undefined;
  }
  const name = packageOf(found.specifier);
  const home = packageHomes[name];
  if (home === undefined) return `imports ${name}, which has no home folder`;
  return home === from ? undefined : `imports ${name}, whose home is ${home}`;
}

/** Imports that the table, the doors and the package homes forbid. */
export function checkImports(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [file, text] of sources)
    for (const found of findImports(text)) {
      const isRelative = found.specifier.startsWith('.');
      const fault = isRelative ? checkFolderImport(file, found) : checkPackageImport(file, found);
      if (fault) faults.push(`${file}:${found.line} ${fault}`);
    }
  return faults;
}

/** Uses of the clock, randomness, the environment, timers or the console in pure folders. */
export function checkPurity(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [file, text] of sources) {
    if (!pureFolders.includes(folderOf(file))) continue;
    const lines = codeOnly(text, false).split('\n');
    for (const [index, line] of lines.entries())
      for (const [pattern, instead] of impurities) {
        const match = pattern.exec(line);
        if (match) faults.push(`${file}:${index + 1} is pure and may not use ${match[0].trim()}: ${instead}`);
      }
  }
  return faults;
}

/** Folders that the table does not know, vague folder names, and file names that are not kebab-case. */
export function checkNames(sources: Sources): string[] {
  const faults: string[] = [];
  for (const file of sources.keys()) {
    if (!(folderOf(file) in importTable))
      faults.push(`${file} is in a folder that the import table does not know`);
    const parts = file.split('/');
    const vague = parts.slice(0, -1).find((part) => vagueFolders.includes(part));
    if (vague) faults.push(`${file} is in a folder named ${vague}`);
    if (!parts.every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?(?:\.ts)?$/.test(part)))
      faults.push(`${file} is not named in kebab-case`);
  }
  return faults;
}

/** Import cycles between files, each once, as the files on it. */
export function findCycles(sources: Sources): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  function visit(file: string): void {
    const seen = path.indexOf(file);
    if (seen >= 0) cycles.push([...path.slice(seen), file].join(' -> '));
    if (seen >= 0 || done.has(file)) return;
    path.push(file);
    for (const { specifier } of findImports(sources.get(file) ?? ''))
      if (specifier.startsWith('.')) visit(targetOf(file, specifier));
    path.pop();
    done.add(file);
  }
  for (const file of sources.keys()) visit(file);
  return cycles;
}
