export { type EmbeddedStoreDeps, type EmbeddedStoreOptions, openEmbeddedStore } from './embedded-store.ts';
export type { Leadership } from './postgres/leadership.ts';
export {
  type OpenedStore,
  openPostgresStore,
  type PostgresStoreDeps,
  type PostgresStoreOptions,
} from './postgres-store.ts';
export {
  createStoreMemory,
  readEvents,
  recollect,
  type StoredRecollection,
  type StoreMemory,
} from './remember.ts';
export type * from './rows.ts';
export type * from './store.ts';
export { type CampaignPort, serveCampaign } from './thread/serve-campaign.ts';
export { type Port, serveEngine } from './thread/serve-engine.ts';
