import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  createOpAMPClient,
  DIAG_CH_SEND_SCHEDULE,
  DIAG_CH_SEND_SUCCESS,
  RemoteConfigStatuses,
} from '@elastic/opamp-client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentCapability, instanceUid } from '../../../src/model/index.ts';
import { eventually } from '../../support/eventually.ts';
import { rendered, type Script, startScriptedServer } from '../../support/scripted-opamp-server.ts';

type Client = ReturnType<typeof createOpAMPClient>;
type Offered = { config: { configMap: Record<string, { body: Uint8Array }> }; configHash: Uint8Array };

const uid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
const first = rendered('receivers:\n  otlp: {}\n');
const second = rendered('receivers:\n  nop: {}\n');
const decoder = new TextDecoder();

let script: Script;
let client: Client;
let received: string[];

function createClient(): Client {
  const capabilities = agentCapability.acceptsRemoteConfig | agentCapability.reportsRemoteConfig;
  const created: Client = createOpAMPClient({
    endpoint: script.http,
    instanceUid: uid,
    headers: { Authorization: 'Bearer a-token' },
    capabilities: BigInt(capabilities),
    heartbeatIntervalSeconds: 0.1,
    diagEnabled: true,
    onMessage({ remoteConfig }) {
      const { config, configHash } = remoteConfig as unknown as Offered;
      received.push(decoder.decode(config.configMap['']!.body));
      const status = RemoteConfigStatuses.RemoteConfigStatuses_APPLIED;
      created.setRemoteConfigStatus({ status, lastRemoteConfigHash: configHash } as never);
    },
  });
  created.setAgentDescription({ identifyingAttributes: { 'service.name': 'checkout' } });
  return created;
}

/** Collects what the client says about itself on a diagnostics channel until the test ends. */
function listen(name: string): { events: Record<string, unknown>[]; stop: () => void } {
  const events: Record<string, unknown>[] = [];
  const onEvent: ChannelListener = (event) => void events.push(event as Record<string, unknown>);
  subscribe(name, onEvent);
  return { events, stop: () => void unsubscribe(name, onEvent) };
}

beforeEach(async () => {
  script = await startScriptedServer();
  received = [];
  client = createClient();
});

afterEach(async () => {
  await client.shutdown();
  await script.close();
});

describe('@elastic/opamp-client-node', () => {
  it('is given its config once, applies it, and is given the next one', async () => {
    script.setTarget(first);
    client.start();
    await eventually(() =>
      script.statuses().some(([state, hash]) => state === 'applied' && hash === first.hash),
    );
    script.setTarget(second);
    await eventually(() =>
      script.statuses().some(([state, hash]) => state === 'applied' && hash === second.hash),
    );
    expect(received).toEqual(['receivers:\n  otlp: {}\n', 'receivers:\n  nop: {}\n']);
  });

  it('introduces itself with sequence number 1 and polls on with nothing but a number', async () => {
    client.start();
    await eventually(() => script.reports.length >= 3);
    const [introduction, ...polls] = script.reports;
    const description = { identifying: [{ key: 'service.name', value: 'checkout' }] };
    expect(introduction).toMatchObject({ uid, sequence: 1, capabilities: 0x3003, description });
    expect(polls.map(({ sequence }) => sequence)).toEqual(polls.map((_, index) => index + 2));
    expect(polls.every(({ description: repeated }) => repeated === undefined)).toBe(true);
  });

  it('reports everything when asked', async () => {
    client.start();
    await eventually(() => script.reports.length >= 1);
    script.answerNext({ reportFullState: true });
    await eventually(() => script.reports.filter(({ description }) => description !== undefined).length >= 2);
  });

  it('takes the uid that it is given', async () => {
    client.start();
    await eventually(() => script.reports.length >= 1);
    const newUid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b21');
    script.answerNext({ newUid });
    await eventually(() => script.reports.at(-1)?.uid === newUid);
    expect(Buffer.from(client.getInstanceUid()).toString('hex')).toBe(newUid.replaceAll('-', ''));
  });

  it('takes every reply for a good one', async () => {
    const successes = listen(DIAG_CH_SEND_SUCCESS);
    script.setTarget(first);
    client.start();
    await eventually(() => script.reports.length >= 5);
    successes.stop();
    expect(successes.events.length).toBeGreaterThanOrEqual(4);
  });

  it('stays away as long as Retry-After says', async () => {
    const schedules = listen(DIAG_CH_SEND_SCHEDULE);
    script.refuseWith(503, 45);
    client.start();
    await eventually(() => schedules.events.some(({ delayMs }) => Number(delayMs) >= 40_000));
    schedules.stop();
  });
});
