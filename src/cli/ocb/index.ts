export { readComponentCatalogue } from './component-catalogue.ts';
export { composeManifest } from './compose-manifest.ts';
export { type ConfigNeeds, collectFleetNeeds, type NeedScope } from './fleet-needs.ts';
export { formatUnused } from './format-unused.ts';
export { defaultRelease, parseBuilderRelease } from './module-version.ts';
export { type OwnModules, resolveModules } from './resolve-modules.ts';
export { findUnused } from './unused-components.ts';
