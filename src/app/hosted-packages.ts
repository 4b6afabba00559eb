import { createPackageFolder, type PackageFiles } from '../opamp-server/index.ts';
import type { Reconciler } from '../reconciler/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';

/** The packages that the server hosts: files of Packages that agents may be offered or go back to, by their content. */
export function hostedPackages(dir: string, { world }: Reconciler): PackageFiles {
  return createPackageFolder({
    dir,
    *pathsOf(sha256) {
      for (const { packages } of world.archive.packages())
        for (const { files } of packages.values())
          for (const { source, sha256: own } of files)
            if (source.kind === 'file' && own === sha256) yield source.path;
    },
  });
}

/** Where agents reach the OpAMP listener, without its path. */
export function packageBase({ opamp }: ServiceSettings, listening: string | undefined): string {
  const url = new URL(opamp.publicUrl ?? listening ?? 'http://127.0.0.1');
  return `${url.protocol.replace('ws', 'http')}//${url.host}`;
}
