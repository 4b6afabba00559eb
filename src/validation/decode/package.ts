import type {
  ConfigNode,
  MapEntry,
  OfferedPackage,
  PackageFile,
  PackageManifest,
  Problem,
} from '../../model/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { type DecodedObject, decodedObject } from './decoded-object.ts';
import { entriesOf, itemsOf, numberOf, scalarOf, textOf } from './fields.ts';
import { nameOf } from './name.ts';
import { selectorOf } from './selector.ts';

/** A Package for no tenant yet. */
export type TenantlessPackage = Omit<PackageManifest, 'tenant'>;

/** Reads a Package; `schemaProblems` are those that the schema found in it. */
export function decodePackage(
  document: SourceDocument,
  schemaProblems: readonly Problem[],
): DecodedObject<TenantlessPackage> {
  const { node } = document;
  const { name, at, problems: nameProblems } = nameOf(document);
  const problems: Problem[] = [...schemaProblems, ...nameProblems];
  const selector = selectorOf(node, 'selector', problems);
  const rollout = textOf(node, 'rollout');
  const packages = new Map(
    entriesOf(node, 'packages').map((entry) => [entry.key.text, readPackage(entry, problems)]),
  );
  const manifest = selector && {
    name,
    at,
    selector,
    priority: numberOf(node, 'priority') ?? 0,
    ...(rollout === undefined ? {} : { rollout }),
    packages,
  };
  return decodedObject(name, document, manifest, problems);
}

function readPackage({ value }: MapEntry, problems: Problem[]): OfferedPackage {
  const files: PackageFile[] = [];
  for (const item of itemsOf(value, 'files')) {
    const file = readFile(item, problems);
    if (!file) continue;
    if (files.some(({ os, arch }) => os === file.os && arch === file.arch)) {
      const message = `there already is a file for ${file.os}/${file.arch}; each platform has one`;
      problems.push(repoProblem('FR031', item.at, message));
    }
    files.push(file);
  }
  return {
    type: textOf(value, 'type') === 'addon' ? 'addon' : 'agent',
    version: textOf(value, 'version') ?? '',
    files,
  };
}

function readFile(item: ConfigNode, problems: Problem[]): PackageFile | undefined {
  const os = textOf(item, 'os');
  const arch = textOf(item, 'arch');
  const sha256 = textOf(item, 'sha256');
  const source = readSource(item, problems);
  if (os === undefined || arch === undefined || sha256 === undefined || !source) return undefined;
  const signature = textOf(item, 'signature');
  return {
    os,
    arch,
    source,
    sha256: sha256.toLowerCase(),
    ...(signature === undefined ? {} : { signature }),
    at: item.at,
  };
}

function readSource(item: ConfigNode, problems: Problem[]): PackageFile['source'] | undefined {
  const url = scalarOf(item, 'url');
  if (url) {
    if (URL.canParse(url.text)) return { kind: 'url', url: url.text };
    problems.push(repoProblem('FR048', url.at, 'this is not a URL; agents could not download it'));
    return undefined;
  }
  const path = scalarOf(item, 'file');
  if (!path) return undefined;
  const fault = describePathFault(path.text);
  if (fault === undefined) return { kind: 'file', path: path.text };
  problems.push(repoProblem('FR022', path.at, `a file inside the server’s packages.dir: ${fault}`));
  return undefined;
}

function describePathFault(path: string): string | undefined {
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\\]/.test(path))
    return 'the path holds a backslash or a control character';
  if (path.startsWith('/')) return 'write the path relative to that folder';
  const isBad = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  return isBad ? 'the path holds an empty part, "." or ".."' : undefined;
}
