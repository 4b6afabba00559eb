import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { AdmissionRequest, ClientCertificate } from './ports.ts';

/** What is known of a caller by its socket and the head of its request. */
export function describeCaller({ headers, socket }: IncomingMessage, path: string): AdmissionRequest {
  const certificate = 'encrypted' in socket ? readCertificate(socket as TLSSocket) : undefined;
  return {
    authorization: headers.authorization,
    // An IPv4 peer of a dual-stack listener is known by its own address.
    remoteAddress: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    forwarded: Object.keys(headers).some(isForwardedHeader),
    secure: 'encrypted' in socket,
    path,
    ...(certificate ? { clientCertificate: certificate } : {}),
  };
}

function isForwardedHeader(name: string): boolean {
  return name === 'forwarded' || name.startsWith('x-forwarded-');
}

function readCertificate(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerCertificate(true);
  if (!certificate.subject) return undefined;
  const { raw: issuer } = certificate.issuerCertificate ?? {};
  return {
    commonName: String(certificate.subject.CN ?? ''),
    issuerSha256: issuer && isSignedBy(certificate.raw, issuer) ? fingerprintOf(issuer) : '',
    fingerprint: fingerprintOf(certificate.raw),
    der: certificate.raw,
  };
}

/** The socket finds an issuer by name, also among what the caller sent along; only the signature proves it. */
function isSignedBy(der: Uint8Array, issuer: Uint8Array): boolean {
  return new X509Certificate(der).verify(new X509Certificate(issuer).publicKey);
}

function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
