export { checkComponentSettings, type SettingsOptions } from './check-component-settings.ts';
export { composeComponentSchemas } from './component-schema-files.ts';
export { componentShapes } from './component-shapes.ts';
export type { SettingFinding } from './finding.ts';
export { settingsFromJsonSchema } from './from-json-schema.ts';
export type { SettingsShape, Shape } from './shape.ts';
export type { Releases } from './shape-context.ts';
export { componentJsonSchema } from './to-json-schema.ts';
export { type FindSchema, readUpstreamSchema, type UpstreamSchema } from './upstream/read-upstream-schema.ts';
