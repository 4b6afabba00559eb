import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, DestinationTemplate, Problem, ProxyTemplate } from '../../model/index.ts';
import { checkEndpoint, type EndpointUse } from './endpoint.ts';
import { scalarOf } from './fields.ts';
import { headersOf } from './headers.ts';
import { type ReadText, tlsOf } from './tls.ts';

/** What reading destinations needs. */
export interface DestinationContext {
  readonly readText: ReadText;
  readonly problems: Problem[];
}

/** Headers, TLS and proxy, which every kind of destination may have. */
export type DestinationParts = Pick<DestinationTemplate, 'headers' | 'tls' | 'proxy'>;

/** Reads a destination; undefined where it has no endpoint, which the schema tells. */
export function readDestination(
  node: ConfigNode | undefined,
  use: EndpointUse,
  context: DestinationContext,
): DestinationTemplate | undefined {
  const endpoint = scalarOf(node, 'endpoint');
  if (!node || !endpoint) return undefined;
  context.problems.push(...checkEndpoint(endpoint, use));
  return { endpoint: endpoint.text, ...readDestinationParts(node, context), at: node.at };
}

/** Reads what a destination has beside its endpoint. */
export function readDestinationParts(node: ConfigNode, context: DestinationContext): DestinationParts {
  const { readText, problems } = context;
  const tls = tlsOf(node, readText, problems);
  const proxy = readProxy(getEntry(node, 'proxy')?.value, problems);
  return { headers: headersOf(node, problems), ...(tls && { tls }), ...(proxy && { proxy }) };
}

function readProxy(node: ConfigNode | undefined, problems: Problem[]): ProxyTemplate | undefined {
  const url = scalarOf(node, 'url');
  if (!url) return undefined;
  problems.push(...checkEndpoint(url, 'proxy'));
  return { url: url.text, headers: headersOf(node, problems) };
}
