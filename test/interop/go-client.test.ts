import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startGoAgent } from './support/go-agent.ts';
import { type MusterProcess, makeFleet, startMuster } from './support/muster-process.ts';

const config = (marker: string) =>
  `receivers: {nop: {}}\nexporters: {nop: {}}\nprocessors: {batch: {timeout: ${marker}}}\nservice: {pipelines: {logs: {receivers: [nop], processors: [batch], exporters: [nop]}}}\n`;
const path = 'tenants/acme/edge/collector.yaml';
const uid = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20';

function startAgent(url: string, token: string, ...flags: readonly string[]) {
  return startGoAgent(inject('peers'), { url, token, uid }, '-attributes', 'host.name=go-1', ...flags);
}

async function startFleet(): Promise<{ service: MusterProcess; token: string; first: string }> {
  const { token, files } = await makeFleet(config('5s'));
  const service = await startMuster(files);
  return { service, token, first: service.repo.git('rev-parse', 'HEAD') };
}

const transports = [
  ['ws', false],
  ['ws', true],
  ['http', false],
  ['http', true],
] as const;

describe.each(transports)('the Go client over %s, compression %s', (transport, compression) => {
  const flag = `-compression=${compression}`;

  it('gets its config once, and the next one after a commit', async () => {
    const { token, first, ...fleet } = await startFleet();
    await using service = fleet.service;
    await using agent = await startAgent(service.opampUrl(transport), token, flag);
    await service.status(first, 'muster/fleet', 'success');
    const second = service.repo.commit({ [path]: config('7s') });
    await service.status(second, 'muster/fleet', 'success');
    const offers = agent.events('remote_config');
    expect(offers.map(({ files }) => /timeout: (\S+)/.exec(files?.[''] ?? '')?.[1])).toEqual(['5s', '7s']);
    const seen = await service.agent(({ sync }) => sync === 'Synced');
    expect(seen).toMatchObject({ uid, host: 'go-1', appliedHash: offers[1]?.hash });
    expect(agent.events('log').concat(agent.events('error_response'))).toEqual([]);
  });

  it('is asked for everything by a server that was killed, and offered nothing again', async () => {
    const { token, first, ...fleet } = await startFleet();
    await using service = fleet.service;
    await using agent = await startAgent(service.opampUrl(transport), token, flag);
    await service.status(first, 'muster/fleet', 'success');
    await service.killAndRestart();
    await service.agent((seen) => seen.connected && seen.delivery === 'applied' && seen.host === 'go-1');
    expect(agent.events('remote_config')).toHaveLength(1);
  });

  it('fails the commit when it refuses, with the reason class, and is not asked again', async () => {
    const { token, first, ...fleet } = await startFleet();
    await using service = fleet.service;
    await using agent = await startAgent(
      service.opampUrl(transport),
      token,
      flag,
      '-refuse',
      'cannot start: exit code 2',
    );
    const status = await service.status(first, 'muster/fleet', 'failure');
    expect(status.description).toContain('go-1');
    agent.tell({ health: { healthy: false, lastError: 'exit code 2' } });
    await service.agent((seen) => seen.health === 'Degraded');
    expect(agent.events('remote_config')).toHaveLength(1);
  });

  it('is refused without its token', async () => {
    await using service = (await startFleet()).service;
    await using agent = await startAgent(service.opampUrl(transport), 'wrong', flag);
    await eventually(() => agent.events('connect_failed').length + agent.events('log').length > 0);
    expect(agent.events('connected')).toEqual([]);
  });
});
