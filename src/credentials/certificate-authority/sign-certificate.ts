import './reflect-metadata.ts';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  GeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { IssuedIdentity } from '../certificate-index.ts';
import type { RandomBytes } from '../enrollment-token.ts';
import { composeAgentUris } from './agent-names.ts';

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** An authority's newest certificate and the key that signs. */
export interface Signer {
  readonly certPem: string;
  readonly key: CryptoKey;
  /** How the key signs, in Web Crypto's words. */
  readonly algorithm: { readonly name: string; readonly hash?: string };
}

/** From when to when a certificate is valid; milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

const ellipticKey = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ellipticSignature = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A key pair for one certificate: EC on P-256. */
export async function generateKeyPair(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ellipticKey, true, ['sign', 'verify']);
}

/** A self-signed authority for `keys`, in PEM. It signs end certificates only. */
export async function createAuthorityCertificate(
  keys: CryptoKeyPair,
  validity: Validity,
  random: RandomBytes,
): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...datesOf(validity),
    keys,
    signingAlgorithm: ellipticSignature,
    serialNumber: createSerial(random),
    name: [{ O: ['Muster'] }, { CN: [`Muster agents ${createSerial(random).slice(0, 8)}`] }],
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certificate.toString('pem');
}

/** A client certificate for one agent, in PEM; nothing of it but the public key is the agent's choice. */
export async function signAgentCertificate(
  signer: Signer,
  publicKey: PublicKey | CryptoKey,
  identity: IssuedIdentity,
  validity: Validity,
  random: RandomBytes,
): Promise<string> {
  const issuer = new X509Certificate(signer.certPem);
  const certificate = await X509CertificateGenerator.create({
    ...datesOf(validity),
    serialNumber: createSerial(random),
    subject: [{ O: [identity.tenant] }, { CN: [identity.uid] }],
    issuer: issuer.subjectName.toJSON(),
    publicKey,
    signingKey: signer.key,
    signingAlgorithm: signer.algorithm,
    extensions: await agentExtensions(issuer, publicKey, identity),
  });
  return certificate.toString('pem');
}

async function agentExtensions(
  issuer: X509Certificate,
  publicKey: PublicKey | CryptoKey,
  identity: IssuedIdentity,
): Promise<Extension[]> {
  const uris = composeAgentUris(identity).map((uri) => new GeneralName('url', uri));
  const issuerKeyId = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(uris),
    await SubjectKeyIdentifierExtension.create(publicKey),
    ...(issuerKeyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(issuerKeyId)]),
  ];
}

function datesOf({ notBefore, notAfter }: Validity) {
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
}

/** 126 random bits of 128; the first two keep the number positive and of one length (RFC 5280 section 4.1.2.2). */
function createSerial(random: RandomBytes): string {
  const bytes = Buffer.from(random(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
