// The little OpAMP that a load client needs, with its bytes prepared: what is measured is the server.
import { randomBytes } from 'node:crypto';
import { decodeServerToAgent, encodeAgentToServer } from '../../dist/opamp-server/index.js';

/** ReportsStatus, AcceptsRemoteConfig, ReportsRemoteConfig, ReportsHeartbeat. */
const capabilities = 0x1 | 0x2 | 0x1000 | 0x2000;
const reportsEffectiveConfig = 0x4;
const effective = { hash: '', head: '', tail: '', key: '' };
const noUid = new Uint8Array(16).fill(1);
/** A message header byte, then the tag and the length of `instance_uid`. */
const prefix = Buffer.from([0x00, 0x0a, 0x10]);
const sequenceTag = 0x10;

/** A UUIDv7 as bytes. */
export function createUid() {
  const uid = randomBytes(16);
  uid.writeUIntBE(Date.now(), 0, 6);
  uid[6] = 0x70 | (uid[6] & 0x0f);
  uid[8] = 0x80 | (uid[8] & 0x3f);
  return uid;
}

function encodeVarint(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** A message of `agent` with the next sequence number, and `body` after it. */
function compose(agent, body) {
  agent.sequence += 1;
  return Buffer.concat([
    prefix,
    agent.uid,
    Buffer.from([sequenceTag, ...encodeVarint(agent.sequence)]),
    body,
  ]);
}

/** The fields of an AgentToServer after uid and sequence number, which must be absent in `fields`. */
function encodeBody(fields) {
  return Buffer.from(encodeAgentToServer({ uid: noUid, ...fields })).subarray(18);
}

const heartbeatBody = encodeBody({ capabilities });
const acknowledgements = new Map();

/** The smallest report: nothing changed. */
export const heartbeat = (agent) => compose(agent, heartbeatBody);

/** APPLIED with this hash (hex). */
export function acknowledgement(agent, hash) {
  let body = acknowledgements.get(hash);
  if (!body) {
    body = encodeBody({ capabilities, remoteConfigStatus: { hash, state: 'applied', errorMessage: '' } });
    acknowledgements.set(hash, body);
  }
  return compose(agent, body);
}

/** APPLIED, and what its collector runs: the offered config with the agent's own id in it. */
export function effectiveAcknowledgement(agent, hash) {
  if (effective.hash !== hash) {
    const [file] = shared.files;
    const [head, tail] = Buffer.from(file.body).toString().split('\nservice:\n');
    const telemetry = '\nservice:\n  telemetry:\n    resource:\n      service.instance.id: ';
    Object.assign(effective, { hash, head: head + telemetry, tail: `\n${tail}`, key: file.key });
  }
  const body = Buffer.from(effective.head + agent.uid.toString('hex') + effective.tail);
  const files = [{ key: effective.key, contentType: 'text/yaml', body }];
  const remoteConfigStatus = { hash, state: 'applied', errorMessage: '' };
  return compose(
    agent,
    encodeBody({
      capabilities: capabilities | reportsEffectiveConfig,
      remoteConfigStatus,
      effectiveConfig: { files },
    }),
  );
}

/** The whole state of an agent: twelve attributes, and the hash that it applied, if it has. */
export function fullState(agent) {
  const attributes = (pairs) => Object.entries(pairs).map(([key, value]) => ({ key, value }));
  const { number, hash } = agent;
  const description = {
    identifying: attributes({
      'service.name': 'bench-collector',
      'service.version': '0.159.0',
      'service.instance.id': agent.uid.toString('hex'),
    }),
    nonIdentifying: attributes({
      'host.name': `host-${number}`,
      'host.arch': 'amd64',
      'os.type': 'linux',
      'os.description': 'Debian GNU/Linux 12 (bookworm)',
      'deployment.environment.name': ['prod', 'staging', 'dev'][number % 3],
      'cloud.region': `region-${number % 20}`,
      'cloud.availability_zone': `zone-${number % 60}`,
      'k8s.cluster.name': `cluster-${number % 50}`,
      'team.name': `team-${number % 40}`,
    }),
  };
  const status = hash ? { remoteConfigStatus: { hash, state: 'applied', errorMessage: '' } } : {};
  return compose(agent, encodeBody({ capabilities, description, ...status }));
}

/** A reply without its header. */
export const decodeReply = (data) => decodeServerToAgent(data.subarray(1));

const shared = { bytes: Buffer.alloc(0), hash: '', files: [] };

/**
 * The hash of the offer in a message of at least `minBytes`. The bytes that all agents share are compared with the last
 * offer's before they are decoded again, so that the client costs about as much as one that only acknowledges.
 */
export function readOffer(data, minBytes, distinct) {
  const { bytes, hash } = shared;
  if (bytes.length > 0 && data.length >= bytes.length && data.subarray(-bytes.length).equals(bytes))
    return hash;
  const config = decodeReply(data).remoteConfig;
  if (config === undefined) return undefined;
  const offered = config.hash;
  if (distinct) return offered;
  shared.files = config.files;
  shared.hash = offered;
  shared.bytes = Buffer.from(data.subarray(-minBytes));
  return offered;
}
