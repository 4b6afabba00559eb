import { createHash } from 'node:crypto';
import type {
  AvailablePackage,
  Headers,
  Labels,
  OfferedPackage,
  PackageFile,
  PackageManifest,
  PackagesOffer,
} from '../../model/index.ts';
import { type CanonicalValue, canonicalText, sortedEntries } from './canonical-text.ts';

/** What packages are built for, as agents report `os.type` and `host.arch`. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** Where an agent downloads a file, and with which headers. */
export interface Download {
  readonly url: string;
  readonly headers: Headers;
}

/** The packages on offer to one agent, or why it is offered none. */
export type PackagesOfferResult =
  | { readonly kind: 'offer'; readonly offer: PackagesOffer }
  | { readonly kind: 'held'; readonly reason: string };

/** The platform that an agent reports, or undefined where it does not say. */
export function platformOf(labels: Labels): Platform | undefined {
  const os = labels.get('os.type');
  const arch = labels.get('host.arch');
  return typeof os === 'string' && typeof arch === 'string' ? { os, arch } : undefined;
}

/**
 * The complete set of packages for one platform: agents delete what is not in it, so a package without a file for the
 * platform holds the whole offer. Hashes cover names, versions and contents, not where they are fetched (C-PKG).
 * `downloadOf` returns undefined for a file that the server does not have.
 */
export function composePackagesOffer(
  manifest: PackageManifest,
  platform: Platform | undefined,
  downloadOf: (file: PackageFile) => Download | undefined,
): PackagesOfferResult {
  if (!platform) return held('the agent does not report os.type and host.arch');
  const packages = new Map<string, AvailablePackage>();
  for (const [name, offered] of sortedEntries(manifest.packages)) {
    const file = offered.files.find(({ os, arch }) => os === platform.os && arch === platform.arch);
    if (!file) return held(`package "${name}" has no file for ${platform.os}/${platform.arch}`);
    const download = downloadOf(file);
    if (!download) return held(`package "${name}": the server does not have its file`);
    packages.set(name, composePackage(name, offered, file, download));
  }
  const hash = sha256(['muster packages v1', ...[...packages].map(([name, { hash }]) => [name, hash])]);
  return { kind: 'offer', offer: { hash, packages } };
}

/** Equal for what offers the same packages on every platform: whatever the commit, the order of files, and where they lie. */
export function computePackagesKey({ packages }: Pick<PackageManifest, 'packages'>): string {
  const offered = sortedEntries(packages).map(([name, { type, version, files }]) => {
    const byPlatform = new Map(
      files.map(({ os, arch, sha256: content, signature }) => [`${os}/${arch}`, [content, signature]]),
    );
    return [name, type, version, sortedEntries(byPlatform).map(([platform, file]) => [platform, ...file])];
  });
  return sha256(['muster package target v1', ...offered]);
}

function composePackage(
  name: string,
  { type, version }: OfferedPackage,
  { sha256: contentSha256, signature }: PackageFile,
  { url, headers }: Download,
): AvailablePackage {
  return {
    type,
    version,
    downloadUrl: url,
    contentSha256,
    ...(signature === undefined ? {} : { signature }),
    headers,
    hash: sha256(['muster package v1', name, type, version, contentSha256, signature]),
  };
}

function held(reason: string): PackagesOfferResult {
  return { kind: 'held', reason };
}

function sha256(value: CanonicalValue): string {
  return createHash('sha256').update(canonicalText(value), 'utf8').digest('hex');
}
