/** The parts of an endpoint as a setting has it: `0.0.0.0:4317`, `https://host/path`, `[::1]:4318`. */
export interface Endpoint {
  /** Lower case, absent where none is written. */
  readonly scheme?: string;
  /** Without the brackets of an IPv6 address; empty for `:4317`. */
  readonly host: string;
  readonly port?: number;
  /** From the first slash on; empty where there is none. */
  readonly path: string;
}

/** Reads an endpoint; undefined for text of another form. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:\[([^\]]*)\]|([^:/?#[\]]*))(?::(\d{1,5}))?(\/\S*)?$/i.exec(
    text,
  );
  if (!parts) return undefined;
  const [, scheme, bracketed, plain, port, path = ''] = parts;
  return {
    ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }),
    host: (bracketed ?? plain ?? '').toLowerCase(),
    ...(port === undefined ? {} : { port: Number(port) }),
    path,
  };
}

/** Whether a host stands for every interface when something listens on it. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

/** Whether a host is this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.endsWith('.localhost');
}

const innerNames = /\.(svc|local|internal|lan|cluster|consul|home\.arpa)$/;
const innerAddresses =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe80:)/;

/** Whether a host lies beyond one's own network, as far as its name tells: single words and inner names do not. */
export function isPublic(host: string): boolean {
  if (isWildcard(host) || isLoopback(host) || innerAddresses.test(host)) return false;
  return host.includes(':') || (host.includes('.') && !innerNames.test(host));
}
