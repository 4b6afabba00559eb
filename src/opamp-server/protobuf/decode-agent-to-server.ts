import type { AgentReport, InstanceUid } from '../../model/index.ts';
import { equalBytes } from './equal-bytes.ts';
import { decodeInstanceUid } from './instance-uid.ts';
import { readAgentDescription } from './read-attributes.ts';
import { readCertificateRequest } from './read-certificate-request.ts';
import { readAvailableComponents } from './read-components.ts';
import { readEffectiveConfig, readRemoteConfigStatus } from './read-config.ts';
import { readCustomCapabilities, readCustomMessage } from './read-custom.ts';
import { readHealth } from './read-health.ts';
import { readPackageStatuses } from './read-package-statuses.ts';
import { createScope, readBytes, readFields, readUint53, type Scope } from './reader.ts';
import { agentFlag, agentToServer } from './tags.ts';

/**
 * A received message: a report, bytes that are no AgentToServer, or one that breaks a rule. `wireUid` is the uid as
 * the agent spells it, to be echoed; empty where there is none of a sane length.
 */
export type Decoded =
  | { readonly kind: 'report'; readonly wireUid: Uint8Array; readonly report: AgentReport }
  | { readonly kind: 'undecodable' | 'invalid'; readonly wireUid: Uint8Array; readonly reason: string };

type Fields = { -readonly [K in keyof AgentReport]: AgentReport[K] };

/** An agent that may be the one that speaks. */
export interface KnownUid {
  readonly wireUid: Uint8Array;
  /** Canonical. */
  readonly wireKey: InstanceUid;
}

const longestUid = 26;

/**
 * Decodes one AgentToServer; never throws, and its work and memory are bounded by `messageLimits`. Where `known` speaks, its
 * uid is not spelt again.
 */
export function decodeAgentToServer(data: Uint8Array, known?: KnownUid): Decoded {
  const fields: Fields = {
    uid: '' as InstanceUid,
    sequence: 0,
    capabilities: 0,
    disconnect: false,
    requestsUid: false,
  };
  let wireUid: Uint8Array = new Uint8Array();
  const scope = createScope(data);
  try {
    readFields(scope, data.length, (tag) => {
      if (tag !== agentToServer.instanceUid) return readField(scope, tag, fields);
      wireUid = readBytes(scope, longestUid + 1);
      return true;
    });
  } catch {
    // The library's messages name offsets of its own; what helps an agent's author is only that it was no protobuf.
    return { kind: 'undecodable', wireUid: uidToEcho(wireUid), reason: 'not a decodable AgentToServer' };
  }
  const uid = known && equalBytes(known.wireUid, wireUid) ? known.wireKey : decodeInstanceUid(wireUid);
  if (!uid) {
    return {
      kind: 'invalid',
      wireUid: uidToEcho(wireUid),
      reason: 'instance_uid must be 16 bytes, not all zero',
    };
  }
  fields.uid = uid;
  return { kind: 'report', wireUid, report: fields };
}

function uidToEcho(wireUid: Uint8Array): Uint8Array {
  return wireUid.length <= longestUid ? wireUid : new Uint8Array();
}

function readField(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case agentToServer.sequenceNum:
      fields.sequence = readUint53(scope);
      return true;
    case agentToServer.capabilities:
      fields.capabilities = readUint53(scope);
      return true;
    case agentToServer.flags:
      fields.requestsUid = (readUint53(scope) & agentFlag.requestInstanceUid) !== 0;
      return true;
    case agentToServer.agentDisconnect:
      fields.disconnect = true;
      return false;
    default:
      return readSubMessage(scope, tag, fields);
  }
}

function readSubMessage(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case agentToServer.agentDescription:
      fields.description = readAgentDescription(scope);
      return true;
    case agentToServer.health:
      fields.health = readHealth(scope);
      return true;
    case agentToServer.remoteConfigStatus:
      fields.remoteConfigStatus = readRemoteConfigStatus(scope);
      return true;
    case agentToServer.customCapabilities:
      fields.customCapabilities = readCustomCapabilities(scope);
      return true;
    case agentToServer.packageStatuses:
      fields.packageStatuses = readPackageStatuses(scope);
      return true;
    case agentToServer.connectionSettingsStatus:
      fields.connectionSettingsStatus = readRemoteConfigStatus(scope);
      return true;
    case agentToServer.connectionSettingsRequest:
      Object.assign(fields, optional('certificateRequest', readCertificateRequest(scope)));
      return true;
    case agentToServer.customMessage:
      fields.customMessage = readCustomMessage(scope);
      return true;
    case agentToServer.effectiveConfig:
      Object.assign(fields, optional('effectiveConfig', readEffectiveConfig(scope)));
      return true;
    case agentToServer.availableComponents:
      Object.assign(fields, readAvailableComponents(scope));
      return true;
    default:
      return false;
  }
}

function optional<K extends keyof AgentReport>(
  key: K,
  value: AgentReport[K] | undefined,
): Partial<AgentReport> {
  return value === undefined ? {} : ({ [key]: value } as Partial<AgentReport>);
}
