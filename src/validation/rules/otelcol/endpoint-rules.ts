import type { ScalarNode } from '../../../model/index.ts';
import { type Endpoint, isWildcard, parseEndpoint } from './endpoint.ts';
import { debugOut, toDebug, withExporter } from './examples.ts';
import { findListeners, type Listener } from './listeners.ts';
import { scalarAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';
import { componentsOf } from './usage.ts';

const grpcExporters = new Set(['otlp_grpc', 'otlp']);
const httpExporters = new Set(['otlp_http', 'otlphttp']);

const badGrpcEndpoint: CollectorRule = {
  code: 'OC027',
  name: 'bad-grpc-endpoint',
  severity: 'error',
  summary: 'The endpoint of an `otlp_grpc` exporter is not `host:port`.',
  advice: 'The collector refuses to start. Write the port, and no path; IPv6 addresses stand in brackets.',
  bad: withExporter('otlp_grpc', '{endpoint: collector.example.com}'),
  good: withExporter('otlp_grpc', '{endpoint: "collector.example.com:4317"}'),
  check({ config }, report) {
    for (const { value } of componentsOf(config, 'exporters', grpcExporters)) {
      const scalar = scalarAt(value, 'endpoint');
      const fault = scalar && describeGrpcFault(scalar.text);
      if (scalar && fault !== undefined) report(scalar.at, fault);
    }
  },
};

/** What is wrong with a gRPC endpoint; nothing is said about schemes of gRPC’s own name resolvers. */
function describeGrpcFault(text: string): string | undefined {
  if (text === '') return undefined;
  if (/^(?!https?:\/\/)[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const address = text.replace(/^https?:\/\//i, '');
  const shown = JSON.stringify(text.slice(0, 80));
  const match = /^(\[[^\]]*\]|[^:]*):(.*)$/.exec(address);
  if (!match) return `${shown} has no port; an OTLP gRPC endpoint is host:port, usually port 4317`;
  const port = match[2] ?? '';
  if (/^[-+]?\d+$/.test(port)) return undefined;
  if (port.includes(':')) return `${shown} has too many colons; write an IPv6 address in brackets`;
  return `${shown} must end with a port number; an OTLP gRPC endpoint is host:port without a path`;
}

const portClash: CollectorRule = {
  code: 'OC037',
  name: 'port-clash',
  severity: 'error',
  summary: 'Two listeners of one config share an address.',
  advice: 'The second one fails to start, and the collector with it. Give one of them another port.',
  bad: `receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}, http: {endpoint: "localhost:4317"}}}}
${debugOut}${toDebug}`,
  good: `receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}, http: {endpoint: "localhost:4318"}}}}
${debugOut}${toDebug}`,
  check({ started }, report) {
    const listeners = findListeners(started);
    for (const [index, listener] of listeners.entries()) {
      const other = listeners.slice(0, index).find((earlier) => clash(earlier, listener));
      if (!other) continue;
      const { component, at } = other;
      const message = `${nameOf(listener)} and ${nameOf(other)} both listen on port ${listener.endpoint.port} (${component.section}::${component.id}, ${at.line}:${at.column})`;
      const isCertain = canonicalHost(listener.endpoint) === canonicalHost(other.endpoint);
      report(listener.at, message, isCertain ? {} : { severity: 'warning' });
    }
  },
};

function clash(a: Listener, b: Listener): boolean {
  const { port } = a.endpoint;
  if (port === undefined || port === 0 || port !== b.endpoint.port || a.transport !== b.transport)
    return false;
  if (isWildcard(a.endpoint.host) || isWildcard(b.endpoint.host)) return true;
  return canonicalHost(a.endpoint) === canonicalHost(b.endpoint);
}

function canonicalHost({ host }: Endpoint): string {
  if (isWildcard(host)) return '0.0.0.0';
  return host === 'localhost' ? '127.0.0.1' : host;
}

function nameOf({ component: { section, id } }: Listener): string {
  return `${section.slice(0, -1)} "${id}"`;
}

const bindAll: CollectorRule = {
  code: 'OC052',
  name: 'bind-all',
  severity: 'warning',
  summary: 'Something listens on every interface of the host.',
  advice:
    'Whoever reaches the host can send to it. Listen on `localhost`, or on one address such as `${env:POD_IP}`.',
  bad: `receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}}
${debugOut}${toDebug}`,
  good: `receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}}
${debugOut}${toDebug}`,
  check({ started }, report) {
    for (const listener of findListeners(started)) {
      if (!listener.isWritten || !isWildcard(listener.endpoint.host)) continue;
      report(listener.at, `${nameOf(listener)} listens on every interface; use localhost or one address`);
    }
  },
};

const otlpPortMix: CollectorRule = {
  code: 'OC053',
  name: 'otlp-port-mix',
  severity: 'warning',
  summary: 'An OTLP exporter sends to the usual port of the other protocol.',
  advice: 'OTLP over gRPC usually has port 4317, over HTTP 4318. Check the port or the exporter’s type.',
  bad: withExporter('otlp_http', '{endpoint: "https://collector.example.com:4317"}'),
  good: withExporter('otlp_http', '{endpoint: "https://collector.example.com:4318"}'),
  check({ config }, report) {
    const check = (types: ReadonlySet<string>, wrong: number, message: string) => {
      for (const { value } of componentsOf(config, 'exporters', types)) {
        const scalar = scalarAt(value, 'endpoint');
        if (scalar && parseEndpoint(scalar.text)?.port === wrong) report(scalar.at, message);
      }
    };
    check(httpExporters, 4317, 'port 4317 is usually OTLP over gRPC; over HTTP it is 4318');
    check(grpcExporters, 4318, 'port 4318 is usually OTLP over HTTP; over gRPC it is 4317');
  },
};

const otlpHttpPath: CollectorRule = {
  code: 'OC054',
  name: 'otlp-http-path',
  severity: 'warning',
  summary: 'The `endpoint` of an `otlp_http` exporter ends with a signal’s path.',
  advice:
    'The exporter appends `/v1/traces` and so on itself. Give the base URL, or use `traces_endpoint` and its like.',
  bad: withExporter('otlp_http', '{endpoint: "https://collector.example.com/v1/logs"}'),
  good: withExporter('otlp_http', '{logs_endpoint: "https://collector.example.com/v1/logs"}'),
  check({ config }, report) {
    for (const { value } of componentsOf(config, 'exporters', httpExporters)) {
      const scalar = scalarAt(value, 'endpoint');
      const signal = scalar && /\/v1\/(traces|metrics|logs)\/?$/.exec(scalar.text)?.[1];
      if (scalar && signal) report(scalar.at, pathMessage(scalar, signal));
    }
  },
};

function pathMessage({ text }: ScalarNode, signal: string): string {
  const path = `/v1/${signal}`;
  return text.includes('@')
    ? `otlp_http appends ${path} itself; give the base URL, or use ${signal}_endpoint`
    : `otlp_http would send to ${JSON.stringify(`${text.slice(0, 200)}${path}`)}; give the base URL, or use ${signal}_endpoint`;
}

/** Rules on where components listen and send. */
export const endpointRules: readonly CollectorRule[] = [
  badGrpcEndpoint,
  portClash,
  bindAll,
  otlpPortMix,
  otlpHttpPath,
];
