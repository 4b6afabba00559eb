import { type InstanceUid, instanceUid } from '../../model/index.ts';
import type { IssuedIdentity } from '../certificate-index.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const name = '[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?';
const agentUri = new RegExp(`^urn:muster:agent:(${name}):(${uuid})$`);
const entryUri = new RegExp(`^urn:muster:entry:(${name})$`);
const namedUid = new RegExp(`^(?:urn:uuid:|urn:muster:agent:${name}:)?(${uuid})$`, 'i');

/** The URIs of the subject alternative name that say whose a certificate is. */
export function composeAgentUris({ tenant, uid, entry }: IssuedIdentity): readonly string[] {
  return [`urn:muster:agent:${tenant}:${uid}`, `urn:muster:entry:${entry}`];
}

/** What `composeAgentUris` wrote; undefined where these are not exactly one of each. */
export function parseAgentUris(uris: readonly string[]): IssuedIdentity | undefined {
  const [agent, ...agents] = uris.flatMap((uri) =>
    [agentUri.exec(uri) ?? []].filter(({ length }) => length > 0),
  );
  const [entry, ...entries] = uris.flatMap((uri) => entryUri.exec(uri)?.[1] ?? []);
  const [, tenant, uid] = agent ?? [];
  if (tenant === undefined || uid === undefined || entry === undefined) return undefined;
  return agents.length + entries.length > 0 ? undefined : { tenant, uid: instanceUid(uid), entry };
}

/** The instance uid that a common name or URI of a request stands for, if it looks like one. */
export function readNamedUid(text: string): InstanceUid | undefined {
  const uid = namedUid.exec(text.trim())?.[1];
  return uid === undefined ? undefined : instanceUid(uid.toLowerCase());
}
