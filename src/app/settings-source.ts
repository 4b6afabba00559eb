import {
  type IssuedCertificate as Certificate,
  type EnrollmentDesk,
  planRenewal,
  type ServerSecrets,
} from '../credentials/index.ts';
import {
  composeConnectionOffer,
  composePackagesOffer,
  type Download,
  describePeer,
  listHeaderTemplates,
  platformOf,
} from '../desired-state/index.ts';
import type { AgentState, ConnectionManifest, InstanceUid, PackageFile } from '../model/index.ts';
import { createPackageUrl } from '../opamp-server/index.ts';
import type { IssuedCertificate, SettingsSource } from '../reconciler/index.ts';
import type { Clock } from '../runtime/index.ts';

export interface SettingsSourceDeps {
  readonly secrets: ServerSecrets;
  readonly desk: EnrollmentDesk;
  readonly clock: Clock;
  /** Keys the hashes of connection offers, which cover secrets. */
  readonly hashKey: Uint8Array;
  /** The address by which agents reach this server (ws, wss, http or https, with its path); undefined where it is not set. */
  readonly opampUrl: string | undefined;
  /** The authorities in PEM by which agents know the listener's certificate, where it tells them; empty otherwise. */
  readonly serverAuthorities: () => Promise<string>;
  /** What packages that the server hosts are served under; undefined where it hosts none. */
  readonly packages: { readonly baseUrl: () => string; readonly key: Uint8Array } | undefined;
}

/** Hosted packages can be fetched this long after they were offered. */
const urlLastsMs = 24 * 3_600_000;

/** Puts together what goes out beside configs from the server's own secrets, authority and files. */
export function createSettingsSource(deps: SettingsSourceDeps): SettingsSource {
  const { desk } = deps;
  return {
    async connection(manifest, agent, certificate) {
      const { values, refusals } = await fillHeaders(deps.secrets, manifest);
      const result = composeConnectionOffer(manifest, {
        headerValues: values,
        endpoint: deps.opampUrl,
        ...(certificate && { certificate }),
        capabilities: agent.capabilities,
        traits: describePeer(agent.labels, agent.capabilities),
        hashKey: deps.hashKey,
      });
      const reasons = refusals.map((reason) => ({ member: 'headers', reason }));
      return { kind: 'offer', offer: result.offer, omitted: [...result.omitted, ...reasons] };
    },
    packages: (manifest, agent) =>
      composePackagesOffer(manifest, platformOf(agent.labels), (file) => downloadOf(deps, file, agent.uid)),
    async issue(agent, lifetimeMs) {
      const { uid, tenant, credential: entry } = agent;
      const issued = await desk.issueWithKey({ uid, tenant, credential: entry, lifetimeMs });
      return toIssued(issued, await deps.serverAuthorities(), issued.privateKeyPem);
    },
    async certify({ csr, ...demand }) {
      const decision = await desk.request({ ...demand, csrPem: csr });
      switch (decision.kind) {
        case 'issued':
          return {
            kind: 'issued',
            issued: toIssued(decision.certificate, await deps.serverAuthorities()),
          };
        case 'pending':
          return { kind: 'pending' };
        case 'refused':
          return { kind: 'rejected', reason: decision.reason };
      }
    },
    renewAt: (uid, validity, renewBeforeMs) => planRenewal({ ...validity, uid, renewBeforeMs }),
  };
}

/**
 * An issued certificate as the loop knows it. Agents take the authorities that come with it for the server's too, so
 * those go along that the listener's certificate needs (C-CS-8, C-CS-10).
 */
export function toIssued(
  certificate: Certificate,
  serverAuthorities: string,
  privateKeyPem?: string,
): IssuedCertificate {
  const { certPem, fingerprint, notBefore, notAfter } = certificate;
  const caPem = `${certificate.caPem}${serverAuthorities}`;
  return {
    fingerprint,
    notBefore,
    notAfter,
    certificate: { certPem, caPem, ...(privateKeyPem !== undefined && { privateKeyPem }) },
  };
}

async function fillHeaders(secrets: ServerSecrets, manifest: ConnectionManifest) {
  const values = new Map<string, string>();
  const refusals = new Set<string>();
  for (const { value } of listHeaderTemplates(manifest)) {
    const resolved = await secrets.resolve(value, manifest.tenant);
    if (resolved.kind === 'value') values.set(value, resolved.value);
    else refusals.add(resolved.reason);
  }
  return { values, refusals: [...refusals] };
}

function downloadOf(
  { packages, clock }: SettingsSourceDeps,
  { source, sha256 }: PackageFile,
  uid: InstanceUid,
): Download | undefined {
  if (source.kind === 'url') return { url: source.url, headers: [] };
  if (!packages) return undefined;
  const expiresAt = clock.now() + urlLastsMs;
  const { key } = packages;
  return { url: createPackageUrl({ baseUrl: packages.baseUrl(), sha256, uid, expiresAt, key }), headers: [] };
}

/** Whether an agent is to have this file now: one of those that its Package offers for its platform. */
export function isOffered(agent: AgentState, files: Iterable<PackageFile>, sha256: string): boolean {
  const platform = platformOf(agent.labels);
  for (const file of files)
    if (file.sha256 === sha256 && file.os === platform?.os && file.arch === platform.arch) return true;
  return false;
}
