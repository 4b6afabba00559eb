import { Writer } from 'protobufjs/minimal.js';
import type { InstanceUid } from '../../model/index.ts';
import { encodeInstanceUid } from './instance-uid.ts';
import {
  agentIdentification,
  errorResponse,
  errorTypes,
  retryInfo,
  serverFlag,
  serverToAgent,
} from './tags.ts';
import { toWellFormed } from './well-formed.ts';

/** What a message says besides offers. */
export interface MessageParts {
  readonly reportFullState?: boolean;
  readonly reportAvailableComponents?: boolean;
  readonly newUid?: InstanceUid;
}

/** A ServerErrorResponse before it is encoded. */
export interface ErrorParts {
  readonly type: (typeof errorTypes)[number];
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** ServerToAgent with the server's capabilities and `parts`; encoded offers may follow, as fields of their own. */
export function encodeServerToAgent(
  wireUid: Uint8Array,
  capabilities: number,
  parts: MessageParts = {},
): Uint8Array {
  const writer = startMessage(wireUid).uint32(serverToAgent.capabilities).uint32(capabilities);
  const flags = encodeFlags(parts);
  if (flags !== 0) writer.uint32(serverToAgent.flags).uint32(flags);
  if (parts.newUid) {
    writer.uint32(serverToAgent.agentIdentification).fork();
    writer.uint32(agentIdentification.newInstanceUid).bytes(encodeInstanceUid(parts.newUid)).ldelim();
  }
  return writer.finish();
}

/** ServerToAgent with an error_response and nothing else but the uid (C-RSP-4). */
export function encodeErrorResponse(wireUid: Uint8Array, error: ErrorParts): Uint8Array {
  const writer = startMessage(wireUid).uint32(serverToAgent.errorResponse).fork();
  writer.uint32(errorResponse.type).uint32(Math.max(0, errorTypes.indexOf(error.type)));
  writer.uint32(errorResponse.message).string(toWellFormed(error.message));
  if (error.retryAfterMs !== undefined) {
    const nanoseconds = Math.round(error.retryAfterMs) * 1_000_000;
    writer.uint32(errorResponse.retryInfo).fork();
    writer.uint32(retryInfo.retryAfterNanoseconds).uint64(nanoseconds).ldelim();
  }
  return writer.ldelim().finish();
}

/** ServerToAgent with the Restart command and nothing else but the uid (C-RSP-8); Restart is the command's zero value. */
export function encodeRestartCommand(wireUid: Uint8Array): Uint8Array {
  return startMessage(wireUid).uint32(serverToAgent.command).fork().ldelim().finish();
}

function startMessage(wireUid: Uint8Array): Writer {
  const writer = Writer.create();
  return wireUid.length === 0 ? writer : writer.uint32(serverToAgent.instanceUid).bytes(wireUid);
}

function encodeFlags(parts: MessageParts): number {
  const fullState = parts.reportFullState ? serverFlag.reportFullState : 0;
  return fullState | (parts.reportAvailableComponents ? serverFlag.reportAvailableComponents : 0);
}
