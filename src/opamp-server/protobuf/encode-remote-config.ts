import { Writer } from 'protobufjs/minimal.js';
import type { RenderedConfig, RenderedFile } from '../../model/index.ts';
import { agentRemoteConfig, configFile, items, keyValue, serverToAgent } from './tags.ts';
import { toWellFormed } from './well-formed.ts';

/** The field remote_config of a ServerToAgent, tag included; its opaque hash is always set (C-RC-1). */
export function encodeRemoteConfig(config: RenderedConfig): Uint8Array {
  const writer = Writer.create().uint32(serverToAgent.remoteConfig).fork();
  writer.uint32(agentRemoteConfig.config).fork();
  for (const file of config.files) writeEntry(writer, file);
  writer.ldelim();
  writer.uint32(agentRemoteConfig.hash).bytes(Buffer.from(config.hash, 'hex'));
  return writer.ldelim().finish();
}

function writeEntry(writer: Writer, file: RenderedFile): void {
  writer.uint32(items).fork();
  writer.uint32(keyValue.key).string(toWellFormed(file.key));
  writer.uint32(keyValue.value).fork();
  writer.uint32(configFile.body).bytes(file.body);
  writer.uint32(configFile.contentType).string(toWellFormed(file.contentType));
  writer.ldelim().ldelim();
}
