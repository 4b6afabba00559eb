export type { CloseOrder } from './closing.ts';
export type { Delivered } from './delivery.ts';
export type { ListenerAddress } from './listener.ts';
export * from './opamp-server.ts';
export type { OpampServerOptions, TlsOptions } from './options.ts';
export {
  createPackageFolder,
  createPackageUrl,
  type PackageContent,
  type PackageFiles,
  type PackageFolderOptions,
  type PackageUrlParts,
} from './package-files/index.ts';
export * from './ports.ts';
export {
  type AgentMessage,
  addMessageHeader,
  createUuidV7,
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  encodeInstanceUid,
  type ReceivedConfig,
  type ReceivedError,
  removeMessageHeader,
  type ServerMessage,
} from './protobuf/index.ts';
export { createRelay, type Relay, type RelayDeps } from './relay/index.ts';
