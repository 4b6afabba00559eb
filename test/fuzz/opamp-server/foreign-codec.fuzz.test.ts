import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentMessage,
  createOfferEncoder,
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  encodeConnectionOffer,
  encodeCustomCapabilities,
  encodeErrorResponse,
  encodeInstanceUid,
  encodePackagesOffer,
  encodeRemoteConfig,
  encodeRestartCommand,
  encodeServerToAgent,
  type ServerMessage,
} from '../../../src/opamp-server/protobuf/index.ts';
import fc from '../../support/property.ts';
import { edits, message, mutate, serverParts, uid } from './arbitraries.ts';
import {
  agentToServerSchema,
  decodeForeign,
  encodeRandomForeign,
  isWellTyped,
  serverToAgentSchema,
  throughForeign,
} from './foreign-message.ts';
import { createDice, durationOf, printSeed, runFor } from './fuzz-run.ts';

type ServerParts = typeof serverParts extends fc.Arbitrary<infer T> ? T : never;

const encoder = createOfferEncoder();

function decodeReport(data: Uint8Array): AgentMessage {
  const decoded = decodeAgentToServer(data);
  if (decoded.kind !== 'report') throw new Error(decoded.reason);
  return decoded.report;
}

function encodeServerParts(wireUid: Uint8Array, parts: Partial<ServerParts>): Uint8Array {
  const { capabilities = 0, remoteConfig, connection, packages, customCapabilities, customMessage } = parts;
  const { newUid, reportFullState = false, reportAvailableComponents = false } = parts;
  const flags = { reportFullState, reportAvailableComponents, ...(newUid ? { newUid } : {}) };
  return Buffer.concat([
    encodeServerToAgent(wireUid, capabilities, flags),
    ...(remoteConfig ? [encodeRemoteConfig(remoteConfig)] : []),
    ...(connection ? [encodeConnectionOffer(connection)] : []),
    ...(packages ? [encodePackagesOffer(packages)] : []),
    ...(customCapabilities ? [encodeCustomCapabilities(customCapabilities)] : []),
    ...(customMessage ? [encoder.customMessage(customMessage)] : []),
  ]);
}

function reencode({ wireUid, error, restart, remoteConfig, ...parts }: ServerMessage): Uint8Array {
  const config = remoteConfig && { ...remoteConfig, components: [] };
  return Buffer.concat([
    encodeServerParts(wireUid, { ...parts, ...(config ? { remoteConfig: config } : {}) }),
    ...(error ? [encodeErrorResponse(new Uint8Array(), error)] : []),
    ...(restart ? [encodeRestartCommand(new Uint8Array())] : []),
  ]);
}

function low53(value: unknown): number {
  return Number((value as bigint) & 0x1f_ffff_ffff_ffffn);
}

describe('the codec against an independent one', () => {
  beforeAll(printSeed);

  it('means by every report what the other understands', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const defaults = { sequence: 0, capabilities: 0, disconnect: false, requestsUid: false };
        const data = encodeAgentToServer(sent);
        expect(isWellTyped(agentToServerSchema, data)).toBe(true);
        const foreign = throughForeign(agentToServerSchema, data);
        expect(decodeReport(foreign)).toEqual({ ...defaults, ...sent });
      }),
      runFor(0.15),
    );
  });

  it('means by every message of the server what the other understands', () => {
    fc.assert(
      fc.property(uid, serverParts, (id, parts) => {
        const wireUid = encodeInstanceUid(id);
        const foreign = throughForeign(serverToAgentSchema, encodeServerParts(wireUid, parts));
        const { remoteConfig, ...rest } = parts;
        const config = remoteConfig && { hash: remoteConfig.hash, files: remoteConfig.files };
        expect(decodeServerToAgent(foreign)).toEqual({
          uid: id,
          wireUid: new Uint8Array(wireUid),
          restart: false,
          ...rest,
          ...(config ? { remoteConfig: config } : {}),
        });
      }),
      runFor(0.15),
    );
  });

  it('takes every report that the other can write, and loses nothing that it keeps on the way back', () => {
    const dice = createDice();
    const until = performance.now() + durationOf(0.15);
    while (performance.now() < until) {
      const instanceUid = Uint8Array.from({ length: 16 }, () => 1 + dice(255));
      const data = encodeRandomForeign(agentToServerSchema, dice, { instanceUid });
      const report = decodeReport(data);
      const again = decodeReport(throughForeign(agentToServerSchema, encodeAgentToServer(report)));
      expect({ availableComponents: [], ...again }).toEqual({ availableComponents: [], ...report });
      const foreign = decodeForeign(agentToServerSchema, data);
      expect(report.sequence).toBe(low53(foreign?.sequenceNum));
    }
  });

  it('takes every message of a server that the other can write, and loses nothing on the way back', () => {
    const dice = createDice();
    const until = performance.now() + durationOf(0.15);
    while (performance.now() < until) {
      const retryInfo = { retryAfterNanoseconds: BigInt(dice(100_000)) * 1_000_000n };
      const data = encodeRandomForeign(serverToAgentSchema, dice, {
        capabilities: BigInt(dice(0x7fffffff)),
        errorResponse: {
          type: dice(3),
          errorMessage: 'overloaded',
          Details: { case: 'retryInfo', value: retryInfo },
        },
      });
      const received = decodeServerToAgent(data);
      const back = throughForeign(serverToAgentSchema, reencode(received));
      expect(decodeServerToAgent(back)).toEqual(received);
    }
  });

  it('agrees with the other on tampered reports that both take, and never throws', () => {
    fc.assert(
      fc.property(message, edits, (sent, changes) => {
        const data = mutate(encodeAgentToServer(sent), changes);
        const decoded = decodeAgentToServer(data);
        const foreign = decodeForeign(agentToServerSchema, data);
        if (decoded.kind !== 'report' || !foreign || !isWellTyped(agentToServerSchema, data)) return;
        expect(Buffer.from(decoded.wireUid).equals(foreign.instanceUid as Uint8Array)).toBe(true);
        expect(decoded.report.sequence).toBe(low53(foreign.sequenceNum));
        expect(decoded.report.capabilities).toBe(low53(foreign.capabilities));
        expect(decoded.report.disconnect).toBe(foreign.agentDisconnect !== undefined);
        expect(decoded.report.customMessage !== undefined).toBe(foreign.customMessage !== undefined);
      }),
      runFor(0.2),
    );
  });

  it('agrees with the other on tampered messages of a server that both take, and only ever says why not', () => {
    fc.assert(
      fc.property(uid, serverParts, edits, (id, parts, changes) => {
        const data = mutate(encodeServerParts(encodeInstanceUid(id), parts), changes);
        const foreign = decodeForeign(serverToAgentSchema, data);
        let received: ServerMessage;
        try {
          received = decodeServerToAgent(data);
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPAMP_UNDECODABLE' });
          return;
        }
        if (!foreign || !isWellTyped(serverToAgentSchema, data)) return;
        expect(Buffer.from(received.wireUid).equals(foreign.instanceUid as Uint8Array)).toBe(true);
        expect(received.capabilities).toBe(low53(foreign.capabilities));
        expect(received.remoteConfig !== undefined).toBe(foreign.remoteConfig !== undefined);
        expect(received.packages !== undefined).toBe(foreign.packagesAvailable !== undefined);
      }),
      runFor(0.2),
    );
  });
});
