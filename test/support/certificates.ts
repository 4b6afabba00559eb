import '../../src/credentials/certificate-authority/reflect-metadata.ts';
import { createHash, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  GeneralName,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import {
  type CertificateAuthority,
  openCertificateAuthority,
  type PresentedCertificate,
} from '../../src/credentials/index.ts';
import type { Clock } from '../../src/runtime/index.ts';
import { makeTemporaryDir } from './git-repo.ts';

type KeyAlgorithm = webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | { readonly name: string };

const hash = 'SHA-256';
const publicExponent = new Uint8Array([1, 0, 1]);
export const ec = (namedCurve: string) => ({ name: 'ECDSA', namedCurve, hash });
export const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash,
  modulusLength,
  publicExponent,
});
export const ed25519 = { name: 'Ed25519' };

/** A fresh key pair and its private key in PKCS#8 PEM. */
export async function makeKeys(algorithm: KeyAlgorithm = ec('P-256')) {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const keyPem = String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }));
  return { keys, keyPem };
}

export interface CsrOptions {
  readonly algorithm?: KeyAlgorithm & { readonly hash?: string };
  readonly commonName?: string;
  readonly uris?: readonly string[];
  readonly asksToBeAuthority?: boolean;
}

/** A PEM certificate request and the private key for it. */
export async function makeCsr({
  algorithm = ec('P-256'),
  commonName = 'otelcol',
  uris = [],
  asksToBeAuthority = false,
}: CsrOptions = {}) {
  const { keys, keyPem } = await makeKeys(algorithm);
  const names = uris.map((uri) => new GeneralName('url', uri));
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ...(asksToBeAuthority ? [new BasicConstraintsExtension(true, undefined, true)] : []),
    ],
  });
  return { pem: request.toString('pem'), csr: Buffer.from(request.toString('pem')), keyPem };
}

/** An authority in memory that is not ours, and the certificates that it signs. */
export async function makeForeignAuthority(name: string, now: number) {
  const { keys, keyPem } = await makeKeys();
  const notBefore = new Date(now - 86_400_000);
  const notAfter = new Date(now + 365 * 86_400_000);
  const shape = { notBefore, notAfter, signingAlgorithm: ec('P-256') };
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...shape,
    keys,
    name: [{ CN: [name] }],
    serialNumber: '01',
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const certPem = authority.toString('pem');
  return {
    certPem,
    keyPem,
    sha256: sha256Of(certPem),
    async sign(commonName: string, uris: readonly string[] = [], names: readonly GeneralName[] = []) {
      const own = await makeKeys();
      const certificate = await X509CertificateGenerator.create({
        ...shape,
        subject: [{ CN: [commonName] }],
        issuer: [{ CN: [name] }],
        serialNumber: randomBytes(8).toString('hex'),
        publicKey: own.keys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension([...uris.map((uri) => new GeneralName('url', uri)), ...names]),
        ],
      });
      return { certPem: certificate.toString('pem'), keyPem: own.keyPem };
    },
  };
}

/** A certificate for a TLS server of this host name. */
export async function makeServerCertificate(
  authority: Awaited<ReturnType<typeof makeForeignAuthority>>,
  host: string,
) {
  return authority.sign(host, [], [new GeneralName('dns', host), new GeneralName('ip', '127.0.0.1')]);
}

/** The built-in authority, over a certificate and key made for it. */
export async function makeAuthority(
  clock: Clock,
  name = 'Muster agents',
  previousFiles: readonly string[] = [],
): Promise<CertificateAuthority> {
  const { certPem, keyPem } = await makeForeignAuthority(name, clock.now());
  const folder = makeTemporaryDir();
  const certFile = join(folder.path, 'ca.pem');
  writeFileSync(certFile, certPem);
  try {
    const source = { kind: 'given', certFile, keyPem } as const;
    return await openCertificateAuthority({ source, previousFiles }, { clock, random: randomBytes });
  } finally {
    folder.remove();
  }
}

/** SHA-256 of a PEM certificate's DER form, lower-case hex. */
export function sha256Of(certPem: string): string {
  return createHash('sha256').update(new X509Certificate(certPem).raw).digest('hex');
}

/** A certificate as the listener hands it on after TLS has verified its chain. */
export function presentCertificate(certPem: string, issuerPem: string): PresentedCertificate {
  const certificate = new X509Certificate(certPem);
  return {
    commonName: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '',
    issuerSha256: sha256Of(issuerPem),
    fingerprint: sha256Of(certPem),
    der: certificate.raw,
  };
}
