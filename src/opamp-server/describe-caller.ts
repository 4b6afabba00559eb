import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { InstanceUid } from '../model/index.ts';
import type { AdmissionRequest, ClientCertificate } from './ports.ts';
import { parseInstanceUid } from './protobuf/index.ts';

/** A request as far as it decides who may come in: plain data, so that it can be judged elsewhere. */
export interface Caller {
  /** Of its URL, without the query. */
  readonly path: string;
  readonly origin: string | undefined;
  /** The uid in the OpAMP-Instance-UID header: a hint, which the message's own uid overrules. */
  readonly statedUid: InstanceUid | undefined;
  readonly admission: AdmissionRequest;
}

/** What is known of a caller by its socket and the head of its request. */
export function describeCaller(request: IncomingMessage): Caller {
  const path = request.url?.split('?', 1)[0] ?? '';
  const { origin, 'opamp-instance-uid': stated } = request.headers;
  const statedUid = typeof stated === 'string' ? parseInstanceUid(stated) : undefined;
  return { path, origin, statedUid, admission: describeAdmission(request, path) };
}

function describeAdmission({ headers, socket }: IncomingMessage, path: string): AdmissionRequest {
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
