import type { Problem, RolloutPolicy } from '../model/index.ts';
import { decodeConnection, type TenantlessConnection } from './decode/connection.ts';
import type { DecodedObject } from './decode/decoded-object.ts';
import { nameOf } from './decode/name.ts';
import { decodePackage, type TenantlessPackage } from './decode/package.ts';
import { decodeRollout } from './decode/rollout.ts';
import type { ReadText } from './decode/tls.ts';
import type { SourceDocument } from './discovery/classify-file.ts';
import type { PlacedDocuments } from './placement.ts';
import { repoProblem } from './problem.ts';

/** The Rollouts, Packages and Connections of one owner: the root or a tenant. */
export interface NamedObjects {
  readonly rollouts: readonly DecodedObject<RolloutPolicy>[];
  readonly packages: readonly DecodedObject<TenantlessPackage>[];
  readonly connections: readonly DecodedObject<TenantlessConnection>[];
}

/** Reads the Rollouts, Packages and Connections of one owner. */
export function decodeNamedObjects(
  { rollouts, packages, connections }: PlacedDocuments,
  checkSchema: (document: SourceDocument) => readonly Problem[],
  readText: ReadText,
): NamedObjects {
  return {
    rollouts: rollouts.map((document) => decodeRollout(document, checkSchema(document))),
    packages: packages.map((document) => decodePackage(document, checkSchema(document))),
    connections: connections.map((document) => decodeConnection(document, checkSchema(document), readText)),
  };
}

/** The problems of objects of one kind and owner, repeated names included. */
export function problemsOf(objects: readonly DecodedObject<unknown>[]): readonly Problem[] {
  const documents = objects.map(({ document }) => document);
  return [...objects.flatMap(({ problems }) => problems), ...checkUniqueNames(documents)];
}

/** Objects of one kind with a name that another one of the same list has. */
export function checkUniqueNames(documents: readonly SourceDocument[]): readonly Problem[] {
  const seen = new Map<string, SourceDocument>();
  return documents.flatMap((document) => {
    const { name, at } = nameOf(document);
    const first = seen.get(name);
    if (!first) seen.set(name, document);
    return first
      ? [repoProblem('FR010', at, `"${name}" already is the name of the ${document.kind} in ${first.file}`)]
      : [];
  });
}

/** A tenant's objects whose name one at the root has: it would not be clear which is meant. */
export function checkAgainstRoot(
  own: readonly DecodedObject<unknown>[],
  root: readonly DecodedObject<unknown>[],
): readonly Problem[] {
  const atRoot = new Map(root.map(({ name, document }) => [name, document]));
  return own.flatMap(({ name, document }) => {
    const other = atRoot.get(name);
    const { at } = nameOf(document);
    return other
      ? [repoProblem('FR010', at, `there already is a ${document.kind} "${name}" in ${other.file}`)]
      : [];
  });
}
