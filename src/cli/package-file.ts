import { fileURLToPath } from 'node:url';

/** Absolute path of a file that ships with the package, such as `schemas/fleet.json`. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
