import { Writer } from 'protobufjs/minimal.js';
import type {
  AgentDescription,
  AgentReport,
  Attribute,
  AttributeValue,
  ComponentHealth,
  ConnectionSettingsStatus,
  RemoteConfigStatus,
  ReportedFile,
} from '../../model/index.ts';
import { encodeInstanceUid } from './instance-uid.ts';
import * as tags from './tags.ts';
import { writeAvailableComponents } from './write-available-components.ts';
import { writeCustomCapabilities, writeCustomMessage } from './write-custom.ts';
import { writePackageStatuses } from './write-package-statuses.ts';
import { writeText } from './write-text.ts';

/** An AgentToServer as a client states it: a report whose members are all optional but the uid, which may be any bytes. */
export type AgentMessage = Partial<Omit<AgentReport, 'uid'>> & {
  readonly uid: AgentReport['uid'] | Uint8Array;
};

/** Encodes an AgentToServer, without the WebSocket header; what is absent, 0 or false is left out, as proto3 does. */
export function encodeAgentToServer(message: AgentMessage): Uint8Array {
  const writer = Writer.create();
  const { uid, sequence = 0, capabilities = 0 } = message;
  writer.uint32(tags.agentToServer.instanceUid).bytes(typeof uid === 'string' ? encodeInstanceUid(uid) : uid);
  if (sequence !== 0) writer.uint32(tags.agentToServer.sequenceNum).uint64(sequence);
  if (message.description) writeDescription(writer, message.description);
  if (capabilities !== 0) writer.uint32(tags.agentToServer.capabilities).uint64(capabilities);
  if (message.health) writeHealth(writer, tags.agentToServer.health, message.health);
  if (message.effectiveConfig) writeEffectiveConfig(writer, message.effectiveConfig.files);
  if (message.remoteConfigStatus) {
    writeSettingsStatus(writer, tags.agentToServer.remoteConfigStatus, message.remoteConfigStatus);
  }
  if (message.packageStatuses) writePackageStatuses(writer, message.packageStatuses);
  if (message.disconnect) writer.uint32(tags.agentToServer.agentDisconnect).uint32(0);
  if (message.requestsUid) writer.uint32(tags.agentToServer.flags).uint32(tags.agentFlag.requestInstanceUid);
  if (message.certificateRequest) writeCertificateRequest(writer, message.certificateRequest);
  if (message.customCapabilities) {
    writeCustomCapabilities(writer, tags.agentToServer.customCapabilities, message.customCapabilities);
  }
  if (message.customMessage)
    writeCustomMessage(writer, tags.agentToServer.customMessage, message.customMessage);
  writeAvailableComponents(writer, message);
  if (message.connectionSettingsStatus) {
    writeSettingsStatus(
      writer,
      tags.agentToServer.connectionSettingsStatus,
      message.connectionSettingsStatus,
    );
  }
  return writer.finish();
}

function writeDescription(writer: Writer, description: AgentDescription): void {
  writer.uint32(tags.agentToServer.agentDescription).fork();
  for (const attribute of description.identifying) {
    writeAttribute(writer, tags.agentDescription.identifying, attribute);
  }
  for (const attribute of description.nonIdentifying) {
    writeAttribute(writer, tags.agentDescription.nonIdentifying, attribute);
  }
  writer.ldelim();
}

function writeAttribute(writer: Writer, tag: number, { key, value }: Attribute): void {
  writer.uint32(tag).fork();
  writeText(writer, tags.keyValue.key, key);
  writer.uint32(tags.keyValue.value).fork();
  writeValue(writer, value);
  writer.ldelim().ldelim();
}

function writeValue(writer: Writer, value: AttributeValue): void {
  if (value === null) return;
  if (typeof value === 'string') writeText(writer, tags.anyValue.string, value);
  else if (typeof value === 'boolean') writer.uint32(tags.anyValue.bool).bool(value);
  else if (typeof value === 'bigint') writer.uint32(tags.anyValue.int).int64(String(value));
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (value instanceof Uint8Array) writer.uint32(tags.anyValue.bytes).bytes(value);
  else if (value instanceof Map) writeKeyValues(writer, value);
  else writeArray(writer, value as readonly AttributeValue[]);
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isSafeInteger(value)) writer.uint32(tags.anyValue.int).int64(value);
  else writer.uint32(tags.anyValue.double).double(value);
}

function writeArray(writer: Writer, values: readonly AttributeValue[]): void {
  writer.uint32(tags.anyValue.array).fork();
  for (const value of values) {
    writer.uint32(tags.items).fork();
    writeValue(writer, value);
    writer.ldelim();
  }
  writer.ldelim();
}

function writeKeyValues(writer: Writer, values: ReadonlyMap<string, AttributeValue>): void {
  writer.uint32(tags.anyValue.keyValues).fork();
  for (const [key, value] of values) writeAttribute(writer, tags.items, { key, value });
  writer.ldelim();
}

function writeHealth(writer: Writer, tag: number, health: ComponentHealth): void {
  writer.uint32(tag).fork();
  if (health.healthy) writer.uint32(tags.componentHealth.healthy).bool(true);
  writer.uint32(tags.componentHealth.startTimeUnixNano).fixed64(String(health.startTimeUnixNano));
  writeText(writer, tags.componentHealth.lastError, health.lastError);
  writeText(writer, tags.componentHealth.status, health.status);
  writer.uint32(tags.componentHealth.statusTimeUnixNano).fixed64(String(health.statusTimeUnixNano));
  for (const [name, component] of health.components) {
    writer.uint32(tags.componentHealth.components).fork();
    writeText(writer, tags.keyValue.key, name);
    writeHealth(writer, tags.keyValue.value, component);
    writer.ldelim();
  }
  writer.ldelim();
}

function writeEffectiveConfig(writer: Writer, files: readonly ReportedFile[]): void {
  writer.uint32(tags.agentToServer.effectiveConfig).fork().uint32(tags.effectiveConfig.configMap).fork();
  for (const file of files) {
    writer.uint32(tags.items).fork();
    writeText(writer, tags.keyValue.key, file.key);
    writer.uint32(tags.keyValue.value).fork();
    writer.uint32(tags.configFile.body).bytes(file.body);
    writeText(writer, tags.configFile.contentType, file.contentType);
    writer.ldelim().ldelim();
  }
  writer.ldelim().ldelim();
}

// RemoteConfigStatus and ConnectionSettingsStatus have one shape.
function writeSettingsStatus(
  writer: Writer,
  tag: number,
  status: RemoteConfigStatus | ConnectionSettingsStatus,
): void {
  writer.uint32(tag).fork();
  writer.uint32(tags.remoteConfigStatus.hash).bytes(Buffer.from(status.hash, 'hex'));
  writer.uint32(tags.remoteConfigStatus.status).uint32(tags.remoteConfigStates.indexOf(status.state));
  writeText(writer, tags.remoteConfigStatus.errorMessage, status.errorMessage);
  writer.ldelim();
}

function writeCertificateRequest(writer: Writer, csr: Uint8Array): void {
  const { opamp, certificateRequest, csr: tag } = tags.connectionSettingsRequest;
  writer.uint32(tags.agentToServer.connectionSettingsRequest).fork().uint32(opamp).fork();
  writer.uint32(certificateRequest).fork().uint32(tag).bytes(csr);
  writer.ldelim().ldelim().ldelim();
}
