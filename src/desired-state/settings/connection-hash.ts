import { createHmac } from 'node:crypto';
import type { ConnectionDestination, ConnectionOffer, TlsSettings } from '../../model/index.ts';
import { type CanonicalValue, canonicalText, sortedEntries } from './canonical-text.ts';

/**
 * HMAC-SHA256 in hex over every member of an offer, absent ones included (C-CS-1). Keyed, since it leaves the server and
 * covers header values: nobody may test guesses against it.
 */
export function computeConnectionHash(offer: Omit<ConnectionOffer, 'hash'>, key: Uint8Array): string {
  const { opamp, ownMetrics, ownTraces, ownLogs, other } = offer;
  const value: CanonicalValue = [
    'muster connection v1',
    opamp && [describeDestination(opamp), opamp.heartbeatSeconds],
    describeDestination(ownMetrics),
    describeDestination(ownTraces),
    describeDestination(ownLogs),
    sortedEntries(other).map(([name, destination]) => [
      name,
      describeDestination(destination),
      sortedEntries(destination.settings),
    ]),
  ];
  return createHmac('sha256', key).update(canonicalText(value), 'utf8').digest('hex');
}

function describeDestination(destination: ConnectionDestination | undefined): CanonicalValue {
  if (!destination) return undefined;
  const { endpoint, headers, certificate, tls, proxy } = destination;
  return [
    endpoint,
    headers,
    certificate && [certificate.certPem, certificate.privateKeyPem, certificate.caPem],
    tls && describeTls(tls),
    proxy && [proxy.url, proxy.headers],
  ];
}

function describeTls(tls: TlsSettings): CanonicalValue {
  const { caPem, includeSystemCas, insecureSkipVerify, minVersion, maxVersion, cipherSuites } = tls;
  return [caPem, includeSystemCas, insecureSkipVerify, minVersion, maxVersion, cipherSuites];
}
