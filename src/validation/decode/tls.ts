import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Position, Problem, ScalarNode, TlsSettings } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { isTrue, scalarOf, textOf, textsOf } from './fields.ts';

/** Reads a text file that a manifest names. */
export type ReadText = (
  reference: string,
  at: Position,
) => { readonly text: string } | { readonly problem: Problem };

/** The `tls` of a destination. */
export function tlsOf(
  node: ConfigNode | undefined,
  readText: ReadText,
  problems: Problem[],
): TlsSettings | undefined {
  const tls = getEntry(node, 'tls')?.value;
  if (tls?.kind !== 'map') return undefined;
  const caPem = readCa(tls, readText, problems);
  const minVersion = textOf(tls, 'minVersion');
  const maxVersion = textOf(tls, 'maxVersion');
  if (minVersion !== undefined && maxVersion !== undefined && minVersion > maxVersion) {
    const at = scalarOf(tls, 'minVersion')?.at ?? tls.at;
    problems.push(repoProblem('FR045', at, 'minVersion is above maxVersion; no connection could be made'));
  }
  return {
    ...(caPem === undefined ? {} : { caPem }),
    ...flagOf(tls, 'includeSystemCas'),
    ...flagOf(tls, 'insecureSkipVerify'),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    cipherSuites: textsOf(tls, 'cipherSuites'),
  };
}

function flagOf<K extends string>(tls: ConfigNode, key: K): { readonly [key in K]?: boolean } {
  return scalarOf(tls, key) ? ({ [key]: isTrue(tls, key) } as { readonly [key in K]: boolean }) : {};
}

function readCa(tls: ConfigNode, readText: ReadText, problems: Problem[]): string | undefined {
  const scalar = scalarOf(tls, 'ca');
  if (!scalar) return undefined;
  const read = scalar.text.includes('-----BEGIN') ? { text: scalar.text } : readText(scalar.text, scalar.at);
  if ('problem' in read) {
    problems.push(read.problem);
    return undefined;
  }
  const fault = checkPem(read.text, scalar);
  if (fault) problems.push(fault);
  return fault ? undefined : read.text;
}

function checkPem(text: string, { at }: ScalarNode): Problem | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return repoProblem('FR050', at, 'this holds a private key; only certificates of authorities belong here');
  if (/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(text)) return undefined;
  return repoProblem('FR048', at, '"ca" is PEM text, or the path of a PEM file in this repo');
}
