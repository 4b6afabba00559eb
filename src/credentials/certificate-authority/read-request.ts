import './reflect-metadata.ts';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequest, type PublicKey, SubjectAlternativeNameExtension } from '@peculiar/x509';
import type { InstanceUid } from '../../model/index.ts';
import { readNamedUid } from './agent-names.ts';

/** Why a request is refused; the text may be sent to the agent. */
export interface RefusedRequest {
  readonly kind: 'refused';
  readonly code: 'CSR_INVALID' | 'CSR_KEY_WEAK' | 'CSR_UID_FOREIGN';
  readonly reason: string;
}

/** The one thing of a request that goes into the certificate. */
export interface ReadRequest {
  readonly kind: 'read';
  readonly publicKey: PublicKey;
}

/** Bytes of a request; one with an RSA key of 8192 bits has about 4,000. */
const maxBytes = 16 * 1024;
const pem =
  /^\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;
const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Reads a PEM certificate request (RFC 2986) of the agent `uid`: signed with its own key, the key strong enough, and
 * no other agent's uid in it (OpAMP specification, CertificateRequest).
 */
export async function readRequest(csr: Uint8Array, uid: InstanceUid): Promise<ReadRequest | RefusedRequest> {
  if (csr.length > maxBytes) return refuse('CSR_INVALID', `the request is longer than ${maxBytes} bytes`);
  const body = pem.exec(Buffer.from(csr).toString('latin1'))?.[2];
  if (body === undefined) return refuse('CSR_INVALID', 'the request is not one PEM CERTIFICATE REQUEST');
  try {
    const request = new Pkcs10CertificateRequest(Buffer.from(body, 'base64'));
    const fault = findKeyFault(request.publicKey);
    if (fault !== undefined) return refuse('CSR_KEY_WEAK', fault);
    if (!(await request.verify())) return refuse('CSR_INVALID', 'the request is not signed with its own key');
    const foreign = namesOf(request).find((name) => (readNamedUid(name) ?? uid) !== uid);
    if (foreign !== undefined) return refuse('CSR_UID_FOREIGN', 'the request names another instance uid');
    return { kind: 'read', publicKey: request.publicKey };
  } catch {
    return refuse('CSR_INVALID', 'the request cannot be read');
  }
}

function findKeyFault(publicKey: PublicKey): string | undefined {
  const key = createPublicKey({ key: Buffer.from(publicKey.rawData), format: 'der', type: 'spki' });
  return isStrong(key)
    ? undefined
    : 'the key must be RSA of 2048 to 8192 bits, EC on P-256, P-384 or P-521, or Ed25519';
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails: details = {} }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve } = details;
  switch (asymmetricKeyType) {
    case 'rsa':
      return modulusLength >= 2048 && modulusLength <= 8192;
    case 'ec':
      return curves.includes(namedCurve);
    default:
      return asymmetricKeyType === 'ed25519';
  }
}

/** Common names and alternative names, in which an agent may have written its uid. */
function namesOf(request: Pkcs10CertificateRequest): readonly string[] {
  const alternatives = request.extensions.filter(
    (extension) => extension instanceof SubjectAlternativeNameExtension,
  );
  return [
    ...request.subjectName.getField('CN'),
    ...alternatives.flatMap(({ names }) => names.items.map(({ value }) => value)),
  ];
}

function refuse(code: RefusedRequest['code'], reason: string): RefusedRequest {
  return { kind: 'refused', code, reason };
}
