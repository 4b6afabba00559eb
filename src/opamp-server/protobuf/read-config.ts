import { configHash, type RemoteConfigStatus, type ReportedFile } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readBytes, readHex, readNested, readText, type Scope, takeNode } from './reader.ts';
import {
  configFile,
  effectiveConfig,
  items,
  keyValue,
  remoteConfigStates,
  remoteConfigStatus,
} from './tags.ts';

/** The files of an EffectiveConfig at the reader's position; undefined where it holds no map, which says nothing (C-EC-1). */
export function readEffectiveConfig(scope: Scope): { files: readonly ReportedFile[] } | undefined {
  let files: Map<string, ReportedFile> | undefined;
  readNested(scope, 1, (tag) => {
    if (tag !== effectiveConfig.configMap) return false;
    const map = (files ??= new Map<string, ReportedFile>());
    readNested(scope, 2, (inner) => inner === items && readFile(scope, map));
    return true;
  });
  return files && { files: [...files.values()] };
}

function readFile(scope: Scope, into: Map<string, ReportedFile>): boolean {
  if (into.size >= messageLimits.entries || !takeNode(scope)) return false;
  let key = '';
  let file = { contentType: '', body: new Uint8Array() };
  readNested(scope, 3, (tag) => {
    if (tag === keyValue.key) key = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) file = readFileContent(scope);
    else return false;
    return true;
  });
  into.set(key, { key, ...file });
  return true;
}

function readFileContent(scope: Scope): { contentType: string; body: Uint8Array<ArrayBuffer> } {
  const file = { contentType: '', body: new Uint8Array() };
  readNested(scope, 4, (tag) => {
    if (tag === configFile.body) file.body = new Uint8Array(readBytes(scope));
    else if (tag === configFile.contentType) file.contentType = readText(scope, messageLimits.keyCharacters);
    else return false;
    return true;
  });
  return file;
}

/** RemoteConfigStatus at the reader's position; an unknown state counts as unset. */
export function readRemoteConfigStatus(scope: Scope): RemoteConfigStatus {
  let hash = '';
  let state = 0;
  let errorMessage = '';
  readNested(scope, 1, (tag) => {
    if (tag === remoteConfigStatus.hash) hash = readHex(scope, messageLimits.opaqueBytes);
    else if (tag === remoteConfigStatus.status) state = scope.reader.int32();
    else if (tag === remoteConfigStatus.errorMessage) errorMessage = readText(scope);
    else return false;
    return true;
  });
  return { hash: configHash(hash), state: remoteConfigStates[state] ?? 'unset', errorMessage };
}
