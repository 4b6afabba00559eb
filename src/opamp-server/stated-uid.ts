import type { IncomingMessage } from 'node:http';
import type { InstanceUid } from '../model/index.ts';
import { parseInstanceUid } from './protobuf/index.ts';

/** The uid in the OpAMP-Instance-UID header: a hint, which the message's own uid overrules. */
export function readStatedUid({ headers }: IncomingMessage): InstanceUid | undefined {
  const header = headers['opamp-instance-uid'];
  return typeof header === 'string' ? parseInstanceUid(header) : undefined;
}
