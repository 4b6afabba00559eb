export { createPackageFolder, type PackageFolderOptions } from './package-folder.ts';
export { createPackageRoute, type PackageRoute, type PackageRouteDeps } from './package-route.ts';
export { createPackageUrl, type PackageUrlParts } from './package-url.ts';
export type { PackageContent, PackageFiles } from './ports.ts';
