import { createHash, KeyObject, X509Certificate } from 'node:crypto';
import type { InstanceUid } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { IssuedIdentity, OwnAuthority } from '../certificate-index.ts';
import type { RandomBytes } from '../enrollment-token.ts';
import { parseAgentUris } from './agent-names.ts';
import { type AuthorityPem, type AuthoritySource, readAuthority, readPem } from './authority-source.ts';
import { loadAuthorityCertificate, loadSigner } from './load-signer.ts';
import type { RefusedRequest } from './read-request.ts';
import type { Validity } from './sign-certificate.ts';

export interface CertificateAuthorityOptions {
  readonly source: AuthoritySource;
  /** Of the private key; one that is made is encrypted with it. */
  readonly passphrase?: string;
  /** PEM files of authorities that this one follows: what they signed is ours still, and nothing new is signed. */
  readonly previousFiles?: readonly string[];
}

export interface CertificateAuthorityDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** What a certificate is to say; times in milliseconds. */
export interface CertificateOrder extends IssuedIdentity {
  readonly lifetimeMs: number;
  readonly now: number;
}

/** A certificate for one agent. */
export interface IssuedCertificate extends IssuedIdentity, Validity {
  readonly certPem: string;
  /** Every authority whose certificates are ours, newest first, in PEM. */
  readonly caPem: string;
  /** SHA-256 of the DER form, lower-case hex. */
  readonly fingerprint: string;
}

/** Signs agents' certificates, and knows them again. */
export interface CertificateAuthority extends OwnAuthority {
  /** Newest first: the first signs. */
  readonly issuers: readonly { readonly sha256: string; readonly certPem: string }[];
  /** All of them in PEM, for a listener to trust. */
  bundlePem(): string;
  /** Signs for the key of a PEM certificate request, or says why not (C-CSR-2 to C-CSR-4); nothing else in it counts. */
  issue(
    csrPem: Uint8Array,
    order: CertificateOrder,
  ): Promise<{ readonly kind: 'issued'; readonly certificate: IssuedCertificate } | RefusedRequest>;
  /** Why `issue` would refuse; undefined where it would not. */
  check(csrPem: Uint8Array, uid: InstanceUid): Promise<RefusedRequest | undefined>;
  /** Makes a key (EC P-256, PKCS#8 PEM) and signs for it: the flow that the server starts. */
  issueWithKey(order: CertificateOrder): Promise<IssuedCertificate & { readonly privateKeyPem: string }>;
}

const year = 365 * 24 * 3_600_000;
const authorityLifetimeMs = 10 * year;
/** Agents' clocks may be behind. */
const backdateMs = 5 * 60_000;

/**
 * Opens the authority, and makes it where its folder holds none. Throws `CA_FILES` where files cannot be used and
 * `CA_INVALID` where they hold something else; an authority that cannot be read is never replaced.
 */
export async function openCertificateAuthority(
  { source, passphrase, previousFiles = [] }: CertificateAuthorityOptions,
  { clock, random }: CertificateAuthorityDeps,
): Promise<CertificateAuthority> {
  // Loaded with the first authority: it takes a quarter of a second, and most commands need none.
  const [{ generateKeyPair, signAgentCertificate }, { readRequest }] = await Promise.all([
    import('./sign-certificate.ts'),
    import('./read-request.ts'),
  ]);
  const create = () => createAuthority({ clock, random }, passphrase);
  const signer = await loadSigner(await readAuthority(source, create, random), passphrase);
  const previous = await Promise.all(
    previousFiles.map(async (path) => loadAuthorityCertificate(await readPem(path), path)),
  );
  const newest = new X509Certificate(signer.certPem);
  const authorities = [newest, ...previous];
  const issuers = authorities.map((certificate) => ({
    sha256: fingerprintOf(certificate.raw),
    certPem: certificate.toString(),
  }));
  const caPem = issuers.map(({ certPem }) => certPem).join('');

  async function sign(
    publicKey: Parameters<typeof signAgentCertificate>[1],
    { tenant, uid, entry, lifetimeMs, now }: CertificateOrder,
  ): Promise<IssuedCertificate> {
    const identity = { tenant, uid, entry };
    // X.509 counts whole seconds.
    const notAfter = Math.floor(Math.min(now + lifetimeMs, Date.parse(newest.validTo)) / 1000) * 1000;
    const validity = { notBefore: Math.floor((now - backdateMs) / 1000) * 1000, notAfter };
    const certPem = await signAgentCertificate(signer, publicKey, identity, validity, random);
    const fingerprint = fingerprintOf(new X509Certificate(certPem).raw);
    return { ...identity, ...validity, certPem, caPem, fingerprint };
  }

  return {
    issuers,
    bundlePem: () => caPem,
    async issue(csrPem, order) {
      const read = await readRequest(csrPem, order.uid);
      if (read.kind === 'refused') return read;
      return { kind: 'issued', certificate: await sign(read.publicKey, order) };
    },
    async check(csrPem, uid) {
      const read = await readRequest(csrPem, uid);
      return read.kind === 'refused' ? read : undefined;
    },
    async issueWithKey(order) {
      const keys = await generateKeyPair();
      const privateKeyPem = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
      return { ...(await sign(keys.publicKey, order)), privateKeyPem: String(privateKeyPem) };
    },
    isOurs: (der) => readOwn(der, authorities),
  };
}

async function createAuthority(
  { clock, random }: CertificateAuthorityDeps,
  passphrase: string | undefined,
): Promise<AuthorityPem> {
  const { createAuthorityCertificate, generateKeyPair } = await import('./sign-certificate.ts');
  const keys = await generateKeyPair();
  const validity = { notBefore: clock.now() - backdateMs, notAfter: clock.now() + authorityLifetimeMs };
  const certPem = await createAuthorityCertificate(keys, validity, random);
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const keyPem = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem', ...encryption });
  return { certPem, keyPem: String(keyPem) };
}

/** By signature, not by name: any authority may call itself, and those that it certifies, as ours do. */
function readOwn(der: Uint8Array, authorities: readonly X509Certificate[]): IssuedIdentity | undefined {
  try {
    const certificate = new X509Certificate(der);
    if (!authorities.some(({ publicKey }) => certificate.verify(publicKey))) return undefined;
    const names = certificate.subjectAltName?.split(', ') ?? [];
    return parseAgentUris(names.flatMap((name) => (name.startsWith('URI:') ? [name.slice(4)] : [])));
  } catch {
    return undefined;
  }
}

function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
