import type {
  ConnectionManifest,
  DestinationTemplate,
  HeaderTemplate,
  OfferedPackage,
  PackageManifest,
} from '../../../src/model/index.ts';
import { selector } from './tenants.ts';

const at = { file: 'objects.yaml', line: 1, column: 1 };

/** A header that the server fills in. */
export function header(name: string, value: string): HeaderTemplate {
  return { name, value, at };
}

/** A destination without headers. */
export function destination(endpoint: string, parts: Partial<DestinationTemplate> = {}): DestinationTemplate {
  return { endpoint, headers: [], at, ...parts };
}

/** Own telemetry of all three signals with the same parts. */
export function ownTelemetry(
  parts: Partial<DestinationTemplate> = {},
): NonNullable<ConnectionManifest['ownTelemetry']> {
  const signal = (name: string) => destination(`https://t.example/v1/${name}`, parts);
  return { metrics: signal('metrics'), traces: signal('traces'), logs: signal('logs') };
}

/** A Connection for every agent. */
export function connection(parts: Partial<ConnectionManifest> = {}): ConnectionManifest {
  return {
    name: 'default',
    tenant: undefined,
    at,
    selector: selector(''),
    priority: 0,
    other: new Map(),
    ...parts,
  };
}

/** A package with files for these platforms, `os/arch`. */
export function offeredPackage(version: string, platforms: readonly string[]): OfferedPackage {
  return {
    type: 'agent',
    version,
    files: platforms.map((platform) => {
      const [os = '', arch = ''] = platform.split('/');
      const path = `${version}-${os}-${arch}`;
      return { os, arch, source: { kind: 'file', path }, sha256: 'ab'.repeat(32), at };
    }),
  };
}

/** A Package for every agent. */
export function packageManifest(
  packages: Readonly<Record<string, OfferedPackage>>,
  parts: Partial<PackageManifest> = {},
): PackageManifest {
  return {
    name: 'otelcol',
    tenant: undefined,
    at,
    selector: selector(''),
    priority: 0,
    packages: new Map(Object.entries(packages)),
    ...parts,
  };
}
