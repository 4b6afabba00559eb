import type {
  ConnectionDestination,
  ConnectionOffer,
  OfferedCertificate,
  TlsSettings,
} from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readHeaders, readTextEntry } from './read-headers.ts';
import { readBytes, readNested, readText, readUint53, type Scope } from './reader.ts';
import * as tags from './tags.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Destination = Mutable<ConnectionDestination> & { readonly headers: (readonly [string, string])[] };
type OnField = (tag: number) => boolean;

/** ConnectionSettingsOffers at the reader's position, as a client keeps it; what is empty counts as absent. */
export function readConnectionOffer(scope: Scope): ConnectionOffer {
  const other = new Map<string, ConnectionDestination & { settings: ReadonlyMap<string, string> }>();
  const offer: Mutable<ConnectionOffer> = { hash: '', other };
  readNested(scope, 1, (tag) => {
    switch (tag) {
      case tags.connectionOffers.hash:
        offer.hash = Buffer.from(readBytes(scope, messageLimits.opaqueBytes)).toString('hex');
        return true;
      case tags.connectionOffers.opamp:
        offer.opamp = readOpamp(scope);
        return true;
      case tags.connectionOffers.ownMetrics:
        offer.ownMetrics = readDestination(scope, 2, tags.telemetrySettings);
        return true;
      case tags.connectionOffers.ownTraces:
        offer.ownTraces = readDestination(scope, 2, tags.telemetrySettings);
        return true;
      case tags.connectionOffers.ownLogs:
        offer.ownLogs = readDestination(scope, 2, tags.telemetrySettings);
        return true;
      case tags.connectionOffers.other:
        return other.size < messageLimits.entries && readOther(scope, other);
      default:
        return false;
    }
  });
  return offer;
}

function readOpamp(scope: Scope): NonNullable<ConnectionOffer['opamp']> {
  let heartbeatSeconds = 0;
  const destination = readDestination(scope, 2, tags.opampSettings, (tag) => {
    if (tag !== tags.opampSettings.heartbeatSeconds) return false;
    heartbeatSeconds = readUint53(scope);
    return true;
  });
  return { ...destination, heartbeatSeconds };
}

function readOther(
  scope: Scope,
  into: Map<string, ConnectionDestination & { settings: ReadonlyMap<string, string> }>,
): boolean {
  let name = '';
  const settings = new Map<string, string>();
  let destination: ConnectionDestination = { endpoint: '', headers: [] };
  const readSetting: OnField = (tag) => {
    if (tag !== tags.otherSettings.settings || settings.size >= messageLimits.entries) return false;
    settings.set(...readTextEntry(scope, 4));
    return true;
  };
  readNested(scope, 2, (tag) => {
    if (tag === tags.keyValue.key) name = readText(scope, messageLimits.keyCharacters);
    else if (tag !== tags.keyValue.value) return false;
    else destination = readDestination(scope, 3, tags.otherSettings, readSetting);
    return true;
  });
  into.set(name, { ...destination, settings });
  return true;
}

function readDestination(
  scope: Scope,
  level: number,
  at: { readonly tls: number; readonly proxy: number },
  onField: OnField = () => false,
): ConnectionDestination {
  const destination: Destination = { endpoint: '', headers: [] };
  readNested(scope, level, (tag) => {
    switch (tag) {
      case tags.connectionSettings.endpoint:
        destination.endpoint = readText(scope);
        return true;
      case tags.connectionSettings.headers:
        return readHeaders(scope, level + 1, destination.headers);
      case tags.connectionSettings.certificate:
        destination.certificate = readCertificate(scope, level + 1);
        return true;
      case at.tls:
        destination.tls = readTls(scope, level + 1);
        return true;
      case at.proxy:
        destination.proxy = readProxy(scope, level + 1);
        return true;
      default:
        return onField(tag);
    }
  });
  return destination;
}

function readCertificate(scope: Scope, level: number): OfferedCertificate {
  const certificate: Mutable<OfferedCertificate> = { caPem: '' };
  readNested(scope, level, (tag) => {
    if (tag === tags.tlsCertificate.cert) certificate.certPem = readPem(scope);
    else if (tag === tags.tlsCertificate.privateKey) certificate.privateKeyPem = readPem(scope);
    else if (tag === tags.tlsCertificate.caCert) certificate.caPem = readPem(scope);
    else return false;
    return true;
  });
  return certificate;
}

function readPem(scope: Scope): string {
  return readText(scope, messageLimits.pemCharacters);
}

function readProxy(scope: Scope, level: number): NonNullable<ConnectionDestination['proxy']> {
  let url = '';
  const headers: (readonly [string, string])[] = [];
  readNested(scope, level, (tag) => {
    if (tag === tags.proxySettings.url) url = readText(scope);
    else return tag === tags.proxySettings.connectHeaders && readHeaders(scope, level + 1, headers);
    return true;
  });
  return { url, headers };
}

function readTls(scope: Scope, level: number): TlsSettings {
  const cipherSuites: string[] = [];
  const tls: Mutable<TlsSettings> = { cipherSuites };
  readNested(scope, level, (tag) => {
    switch (tag) {
      case tags.tlsSettings.caPem:
        tls.caPem = readPem(scope);
        return true;
      case tags.tlsSettings.includeSystemCas:
        tls.includeSystemCas = scope.reader.bool();
        return true;
      case tags.tlsSettings.insecureSkipVerify:
        tls.insecureSkipVerify = scope.reader.bool();
        return true;
      case tags.tlsSettings.minVersion:
        tls.minVersion = readText(scope);
        return true;
      case tags.tlsSettings.maxVersion:
        tls.maxVersion = readText(scope);
        return true;
      case tags.tlsSettings.cipherSuites:
        return cipherSuites.length < messageLimits.entries && cipherSuites.push(readText(scope)) > 0;
      default:
        return false;
    }
  });
  return tls;
}
