import { createScope, readFields, readUint53 } from '../protobuf/reader.ts';
import { agentToServer } from '../protobuf/tags.ts';

/** Who says a message, and which of the agent's messages it is. */
export interface MessageHead {
  /** As it lies in the message, byte by byte: tells agents of one connection apart. */
  readonly uid: string;
  readonly sequence: number;
  /** Whether the agent says goodbye. */
  readonly leaves: boolean;
}

/** No form of a uid is longer, and what is kept of each agent stays small. */
const maxUidBytes = 46;

/**
 * Reads the head of an encoded AgentToServer and passes over the rest; undefined where it names no agent or is malformed,
 * which is for the server to answer.
 */
export function readMessageHead(data: Uint8Array): MessageHead | undefined {
  const scope = createScope(data);
  let uid = '';
  let sequence = 0;
  let leaves = false;
  const takeField = (tag: number): boolean => {
    if (tag === agentToServer.instanceUid) uid = readLatin1(scope.reader.bytes());
    else if (tag === agentToServer.sequenceNum) sequence = readUint53(scope);
    else {
      leaves ||= tag === agentToServer.agentDisconnect;
      return false;
    }
    return true;
  };
  try {
    readFields(scope, data.length, takeField);
  } catch {
    return undefined;
  }
  return uid.length === 0 || uid.length > maxUidBytes ? undefined : { uid, sequence, leaves };
}

function readLatin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}
