import type { Problem, ScalarNode } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';

/** What an endpoint is for: the forms that OpAMP allows differ (C-CS-2, C-CS-3). */
export type EndpointUse = 'opamp' | 'telemetry' | 'proxy' | 'other';

const schemes: Readonly<Record<Exclude<EndpointUse, 'other'>, readonly string[]>> = {
  opamp: ['wss', 'https', 'ws', 'http'],
  telemetry: ['https', 'http'],
  proxy: ['https', 'http', 'socks5'],
};

/** Problems of an endpoint: the wrong form, a secret in it, or traffic that anybody can read. */
export function checkEndpoint({ text, at }: ScalarNode, use: EndpointUse): readonly Problem[] {
  // Only the agent knows what other connections mean by a destination.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.username !== '' || url.password !== ''))
    return [repoProblem('FR050', at, 'the endpoint holds a user name or password; use headers')];
  if (use === 'other') return [];
  const fault = describeFault(url, use);
  if (fault !== undefined) return [repoProblem('FR048', at, fault)];
  if (use === 'proxy' || !url || !isReadable(url)) return [];
  const message = `${url.protocol.slice(0, -1)} is not encrypted: whoever is on the way reads it, credentials included`;
  return [repoProblem('FR049', at, message)];
}

function describeFault(url: URL | undefined, use: Exclude<EndpointUse, 'other'>): string | undefined {
  const allowed = schemes[use];
  if (!url || !allowed.includes(url.protocol.slice(0, -1)) || url.hostname === '')
    return `an endpoint here is a URL that starts with ${allowed.map((scheme) => `${scheme}://`).join(' or ')}`;
  if (use === 'telemetry' && url.pathname === '/')
    return 'agents use this URL as it is: add the path, such as /v1/metrics, /v1/traces or /v1/logs';
  return undefined;
}

function isReadable({ protocol, hostname }: URL): boolean {
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === 'http:' || protocol === 'ws:') && !isLoopback;
}
