import {
  type ConnectionOffer,
  type CustomMessage,
  configHash,
  type InstanceUid,
  MusterError,
  type PackagesOffer,
  type RenderedConfig,
} from '../../model/index.ts';
import { decodeInstanceUid } from './instance-uid.ts';
import { readConnectionOffer } from './read-connection-offer.ts';
import { readCustomCapabilities, readCustomMessage } from './read-custom.ts';
import { readPackagesOffer } from './read-packages-offer.ts';
import {
  createScope,
  readBytes,
  readFields,
  readNested,
  readText,
  readUint53,
  type Scope,
} from './reader.ts';
import * as tags from './tags.ts';

/** The remote config of a ServerToAgent as a client receives it. */
export type ReceivedConfig = Pick<RenderedConfig, 'hash' | 'files'>;

/** The error_response of a ServerToAgent; the delay in milliseconds, where one is given. */
export interface ReceivedError {
  readonly type: 'unknown' | 'bad-request' | 'unavailable';
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** A ServerToAgent as a client receives it; absent members were not set. */
export interface ServerMessage {
  /** As the server spelt it. */
  readonly wireUid: Uint8Array;
  readonly uid?: InstanceUid;
  readonly capabilities: number;
  readonly reportFullState: boolean;
  readonly reportAvailableComponents: boolean;
  readonly remoteConfig?: ReceivedConfig;
  readonly newUid?: InstanceUid;
  readonly restart: boolean;
  readonly error?: ReceivedError;
  readonly connection?: ConnectionOffer;
  readonly packages?: PackagesOffer;
  readonly customCapabilities?: readonly string[];
  readonly customMessage?: CustomMessage;
}

type Fields = { -readonly [K in keyof ServerMessage]?: ServerMessage[K] };

/** Decodes a ServerToAgent, without the WebSocket header; throws `OPAMP_UNDECODABLE` where the bytes are none. */
export function decodeServerToAgent(data: Uint8Array): ServerMessage {
  const fields: Fields = {};
  const scope = createScope(data);
  try {
    readFields(scope, data.length, (tag) => readField(scope, tag, fields));
  } catch (cause) {
    throw new MusterError('OPAMP_UNDECODABLE', 'The bytes are no ServerToAgent.', {
      disposition: 'stalled',
      cause,
    });
  }
  const empty = { wireUid: new Uint8Array(), capabilities: 0, restart: false };
  return { reportFullState: false, reportAvailableComponents: false, ...empty, ...fields };
}

function readField(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case tags.serverToAgent.instanceUid:
      fields.wireUid = readBytes(scope);
      setUid(fields, 'uid', fields.wireUid);
      return true;
    case tags.serverToAgent.capabilities:
      fields.capabilities = readUint53(scope);
      return true;
    case tags.serverToAgent.flags:
      setFlags(fields, readUint53(scope));
      return true;
    case tags.serverToAgent.remoteConfig:
      fields.remoteConfig = readRemoteConfig(scope);
      return true;
    case tags.serverToAgent.errorResponse:
      fields.error = readError(scope);
      return true;
    case tags.serverToAgent.agentIdentification:
      readNested(
        scope,
        1,
        (inner) => inner === tags.agentIdentification.newInstanceUid && readNewUid(scope, fields),
      );
      return true;
    case tags.serverToAgent.command:
      fields.restart = true;
      return false;
    default:
      return readOffer(scope, tag, fields);
  }
}

function readOffer(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case tags.serverToAgent.connectionSettings:
      fields.connection = readConnectionOffer(scope);
      return true;
    case tags.serverToAgent.packagesAvailable:
      fields.packages = readPackagesOffer(scope);
      return true;
    case tags.serverToAgent.customCapabilities:
      fields.customCapabilities = readCustomCapabilities(scope);
      return true;
    case tags.serverToAgent.customMessage:
      fields.customMessage = readCustomMessage(scope);
      return true;
    default:
      return false;
  }
}

function setUid(fields: Fields, key: 'uid' | 'newUid', wire: Uint8Array): void {
  const uid = decodeInstanceUid(wire);
  if (uid) fields[key] = uid;
}

function setFlags(fields: Fields, flags: number): void {
  fields.reportFullState = (flags & tags.serverFlag.reportFullState) !== 0;
  fields.reportAvailableComponents = (flags & tags.serverFlag.reportAvailableComponents) !== 0;
}

function readNewUid(scope: Scope, fields: Fields): boolean {
  setUid(fields, 'newUid', readBytes(scope));
  return true;
}

function readRemoteConfig(scope: Scope): ReceivedConfig {
  const files: { key: string; contentType: string; body: Uint8Array }[] = [];
  let hash: Uint8Array = new Uint8Array();
  readNested(scope, 1, (tag) => {
    if (tag === tags.agentRemoteConfig.hash) hash = readBytes(scope);
    else if (tag === tags.agentRemoteConfig.config) {
      readNested(scope, 2, (inner) => inner === tags.items && files.push(readFile(scope)) > 0);
    } else return false;
    return true;
  });
  return { hash: configHash(Buffer.from(hash).toString('hex')), files };
}

function readFile(scope: Scope): { key: string; contentType: string; body: Uint8Array } {
  const file = { key: '', contentType: '', body: new Uint8Array() as Uint8Array };
  readNested(scope, 3, (tag) => {
    if (tag === tags.keyValue.key) file.key = readText(scope);
    else if (tag === tags.keyValue.value) readNested(scope, 4, (inner) => readFileField(scope, inner, file));
    else return false;
    return true;
  });
  return file;
}

function readFileField(scope: Scope, tag: number, file: { contentType: string; body: Uint8Array }): boolean {
  if (tag === tags.configFile.body) file.body = readBytes(scope);
  else if (tag === tags.configFile.contentType) file.contentType = readText(scope);
  else return false;
  return true;
}

function readError(scope: Scope): ReceivedError {
  let type = 0;
  let message = '';
  let retryAfterMs: number | undefined;
  readNested(scope, 1, (tag) => {
    if (tag === tags.errorResponse.type) type = scope.reader.int32();
    else if (tag === tags.errorResponse.message) message = readText(scope);
    else if (tag === tags.errorResponse.retryInfo) retryAfterMs = readRetryAfter(scope);
    else return false;
    return true;
  });
  const error = { type: tags.errorTypes[type] ?? 'unknown', message };
  return retryAfterMs === undefined ? error : { ...error, retryAfterMs };
}

function readRetryAfter(scope: Scope): number {
  let nanoseconds = 0;
  readNested(scope, 2, (tag) => {
    if (tag !== tags.retryInfo.retryAfterNanoseconds) return false;
    nanoseconds = readUint53(scope);
    return true;
  });
  return nanoseconds / 1_000_000;
}
