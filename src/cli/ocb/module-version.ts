import { usageError } from '../usage-error.ts';

/** The release that is built unless another is asked for. */
export const defaultRelease = '0.159.0';

const contrib = 'github.com/open-telemetry/opentelemetry-collector-contrib';
const firstRelease = 110;
const lastRelease = 159;

/** Modules whose later releases, up to 0.159.0, the public Go module proxy does not serve: the newest that it does. */
const newestServed: ReadonlyMap<string, number> = new Map([
  ['go.opentelemetry.io/collector/receiver/nopreceiver', 156],
  [`${contrib}/receiver/jaegerreceiver`, 158],
  [`${contrib}/receiver/journaldreceiver`, 158],
  [`${contrib}/receiver/kafkareceiver`, 158],
  [`${contrib}/receiver/mysqlreceiver`, 157],
  [`${contrib}/receiver/nginxreceiver`, 158],
  [`${contrib}/receiver/redisreceiver`, 157],
  [`${contrib}/receiver/zipkinreceiver`, 158],
  [`${contrib}/exporter/clickhouseexporter`, 157],
  [`${contrib}/exporter/zipkinexporter`, 158],
  [`${contrib}/connector/countconnector`, 158],
  [`${contrib}/connector/servicegraphconnector`, 158],
  [`${contrib}/extension/basicauthextension`, 157],
  [`${contrib}/extension/headerssetterextension`, 158],
  [`${contrib}/extension/oauth2clientauthextension`, 158],
  [`${contrib}/extension/observer/k8sobserver`, 156],
  [`${contrib}/extension/opampextension`, 158],
]);

/** A module's version for a release of the collector. */
export interface ModuleVersion {
  /** As in a go.mod, such as `v0.159.0`. */
  readonly version: string;
  /** Whether it is older than the release, since the release's own cannot be had. */
  readonly isOlder: boolean;
}

/** The number of a release, 159 for `0.159.0`. Throws `USAGE` for releases that the catalogue does not describe. */
export function parseBuilderRelease(release: string): number {
  const number = Number(/^v?0\.(\d+)\.\d+$/.exec(release)?.[1]);
  if (number >= firstRelease && number <= lastRelease) return number;
  throw usageError(
    `--version must be a release from 0.${firstRelease}.0 to 0.${lastRelease}.0, not "${release}"`,
  );
}

/** The version of a module that goes with a release. */
export function versionOf(module: string, release: string): ModuleVersion {
  const number = parseBuilderRelease(release);
  const newest = newestServed.get(module);
  if (newest !== undefined && newest < number) return { version: `v0.${newest}.0`, isOlder: true };
  return { version: release.startsWith('v') ? release : `v${release}`, isOlder: false };
}

/** The version of the collector's own providers, whose numbers are 1.65 with 0.159, 1.64 with 0.158 and so on. */
export function stableVersionOf(release: string): string {
  return `v1.${parseBuilderRelease(release) - 94}.0`;
}
