import { describe, expect, it } from 'vitest';
import type { AgentReport } from '../../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { connectRawAgent } from '../../support/raw-agent.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': 'web-1' };
const hello: Partial<AgentReport> = {
  uid: uidOf(7),
  sequence: 0,
  description: descriptionOf(attributes),
  health: healthOf(true),
};

/** SHA-256 of `alice` and of `bob`. */
const tokens = {
  alice: '2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90',
  bob: '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9',
};

function tenantFiles(name: string, token: string, marker = '5s') {
  return {
    [`tenants/${name}/tenant.yaml`]: `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${token}}\n`,
    [`tenants/${name}/edge.yaml`]:
      'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
    [`tenants/${name}/edge/collector.yaml`]: collectorText(marker),
  };
}

describe('identity and tenants', () => {
  const files = { ...tenantFiles('acme', tokens.alice), ...tenantFiles('globex', tokens.bob, '6s') };

  it('11, 12 a missing, wrong or foreign credential is refused with 401 on both transports', async () => {
    await using service = await startTestService({ files });
    const url = service.app().opampUrl;
    for (const token of [undefined, 'mallory', ''])
      await expect(connectRawAgent(url, token)).rejects.toThrow('401');
    for (const path of [url, url.replace('/v1/opamp', '/v1//opamp'), `${url}/`, `${url}?x=1`]) {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(2),
      });
      expect([401, 404], path).toContain(answer.status);
    }
  });

  it('11 an agent behind a proxy on this machine is not taken for a local one', async () => {
    await using service = await startTestService({ files: oneTenant });
    const ask = (headers: Readonly<Record<string, string>>) =>
      fetch(service.app().opampUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', ...headers },
        body: new Uint8Array(),
      });
    expect((await ask({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
    expect((await ask({})).status).toBe(200);
  });

  it('14 another tenant cannot take over, see or move an agent by its uid', async () => {
    await using service = await startTestService({ files });
    await using owner = await connectRawAgent(service.app().opampUrl, 'alice');
    await owner.send(hello);
    expect(await owner.offer(1)).toMatch(/^[0-9a-f]{64}$/);
    await using thief = await connectRawAgent(service.app().opampUrl, 'bob');
    const answer = await thief.send({ ...hello, sequence: 1 });
    expect(answer.error?.type).toBe('bad-request');
    expect(answer.error?.message).not.toContain('acme');
    expect(answer.remoteConfig).toBeUndefined();
    expect(await service.agents()).toMatchObject([{ tenant: 'acme', connected: true }]);
    expect((await owner.send({ uid: uidOf(7), sequence: 1 })).error).toBeUndefined();
  });

  it('14 labels that claim another tenant or server-set labels are dropped', async () => {
    await using service = await startTestService({ files });
    await using agent = await connectRawAgent(service.app().opampUrl, 'bob');
    await agent.send({
      ...hello,
      description: descriptionOf({ ...attributes, 'fleet.tenant': 'acme', 'fleet.ring': 'canary' }),
    });
    const [seen] = await service.agents();
    expect(seen?.tenant).toBe('globex');
    const detail = await service.agentDetail(seen?.uid ?? '');
    expect(detail.labels).toMatchObject({ 'fleet.tenant': 'globex' });
    expect(detail.labels).not.toHaveProperty('fleet.ring');
  });

  it('a removed credential closes its sessions, and its agents stay as history', async () => {
    await using service = await startTestService({ files });
    const agent = await connectRawAgent(service.app().opampUrl, 'alice');
    await agent.send(hello);
    service.repo.commit({
      'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${'a'.repeat(64)}}\n`,
    });
    await eventually(() => agent.closed() === 1008, 15_000);
    await expect(connectRawAgent(service.app().opampUrl, 'alice')).rejects.toThrow('401');
    expect(await service.agents()).toMatchObject([{ tenant: 'acme', connected: false }]);
  });

  it('a revoked uid is cut off at once, and refused when it comes back', async () => {
    await using service = await startTestService({ files });
    const agent = await connectRawAgent(service.app().opampUrl, 'alice');
    await agent.send(hello);
    service.repo.commit({
      'tenants/acme/tenant.yaml': `kind: Tenant\nrevoked: [${uidOf(7)}]\nenrollment:\n  - {name: edge, tokenSha256: ${tokens.alice}}\n`,
    });
    await eventually(() => agent.closed() !== undefined, 15_000);
    await using again = await connectRawAgent(service.app().opampUrl, 'alice');
    expect((await again.send(hello)).error?.type).toBe('bad-request');
  });

  it('maxAgents refuses newcomers, not those who are connected', async () => {
    const limited = {
      ...tenantFiles('acme', tokens.alice),
      'tenants/acme/tenant.yaml': `kind: Tenant\nlimits: {maxAgents: 1}\nenrollment:\n  - {name: edge, tokenSha256: ${tokens.alice}}\n`,
    };
    await using service = await startTestService({ files: limited });
    await using first = await connectRawAgent(service.app().opampUrl, 'alice');
    await first.send(hello);
    await using second = await connectRawAgent(service.app().opampUrl, 'alice');
    expect((await second.send({ ...hello, uid: uidOf(8) })).error?.type).toBe('unavailable');
    expect((await first.send({ uid: uidOf(7), sequence: 1 })).error).toBeUndefined();
  });
});

describe('agents that misbehave', () => {
  it('C-STAT-3 [M] after a restart nothing is decided for an agent until its full state is known', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    const answer = await agent.send({ uid: uidOf(7), sequence: 41 });
    expect(answer.reportFullState).toBe(true);
    expect(answer.remoteConfig).toBeUndefined();
    const full = await agent.send({ ...hello, sequence: 42 });
    expect(full.reportFullState).toBe(false);
    await eventually(() => agent.received.some(({ remoteConfig }) => remoteConfig !== undefined));
  });

  it('9, 21 an agent that answers nothing but heartbeats is offered once and asked a bounded number of times', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    for (let sequence = 1; sequence <= 300; sequence += 1) await agent.send({ uid: uidOf(7), sequence });
    expect(agent.received.filter(({ remoteConfig }) => remoteConfig !== undefined)).toHaveLength(1);
    expect(agent.received.filter(({ reportFullState }) => reportFullState)).toHaveLength(0);
    expect(await service.agents()).toMatchObject([{ delivery: 'offered' }]);
  });

  it('21 APPLIED with another hash is no answer to ours, and starts no loop', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    for (let sequence = 1; sequence <= 50; sequence += 1)
      await agent.send({
        uid: uidOf(7),
        sequence,
        remoteConfigStatus: { hash: 'ff'.repeat(32) as never, state: 'applied', errorMessage: '' },
      });
    expect(
      agent.received.filter(({ remoteConfig }) => remoteConfig !== undefined).length,
    ).toBeLessThanOrEqual(2);
    expect(await service.agents()).toMatchObject([{ sync: 'OutOfSync' }]);
  });

  it('C-RC-5 [P] an agent that rolls back by itself is not offered the failed config again', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    const first = await agent.offer(1);
    await agent.send({
      uid: uidOf(7),
      sequence: 1,
      remoteConfigStatus: { hash: first, state: 'applied', errorMessage: '' },
    });
    const sha = service.repo.commit({ 'edge/collector.yaml': collectorText('9s') });
    const second = await agent.offer(2);
    await agent.send({
      uid: uidOf(7),
      sequence: 2,
      remoteConfigStatus: { hash: second, state: 'applying', errorMessage: '' },
    });
    await agent.send({
      uid: uidOf(7),
      sequence: 3,
      remoteConfigStatus: { hash: second, state: 'failed', errorMessage: 'secret-ish: boom' },
    });
    await agent.send({
      uid: uidOf(7),
      sequence: 4,
      remoteConfigStatus: { hash: first, state: 'applied', errorMessage: '' },
    });
    for (let sequence = 5; sequence < 40; sequence += 1) await agent.send({ uid: uidOf(7), sequence });
    expect(agent.received.filter(({ remoteConfig }) => remoteConfig !== undefined)).toHaveLength(2);
    const status = await service.status(sha, 'muster/fleet', 'failure');
    expect(status.description).toBe('1 failed: web-1 rejected config');
  });

  it('C-RC-11 [I] an agent whose labels chase its config is frozen and told (fault 20)', async () => {
    const files = {
      'a.yaml':
        'kind: AgentConfig\nselector: {matchLabels: {mode: a}}\nconfig: edge/a.yaml\nrollout: immediate\n',
      'b.yaml':
        'kind: AgentConfig\nselector: {matchLabels: {mode: b}}\nconfig: edge/b.yaml\nrollout: immediate\n',
      'edge/a.yaml': collectorText('1s'),
      'edge/b.yaml': collectorText('2s'),
    };
    await using service = await startTestService({ files });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send({ ...hello, description: descriptionOf({ ...attributes, mode: 'a' }) });
    let offers = 0;
    for (let sequence = 1; sequence <= 40; sequence += 1) {
      const mode = sequence % 2 === 0 ? 'a' : 'b';
      const seen = agent.received.filter(({ remoteConfig }) => remoteConfig !== undefined);
      const hash = seen.at(-1)?.remoteConfig?.hash;
      await agent.send({
        uid: uidOf(7),
        sequence,
        description: descriptionOf({ ...attributes, mode }),
        ...(hash !== undefined && {
          remoteConfigStatus: { hash: hash as never, state: 'applied', errorMessage: '' },
        }),
      });
      await eventuallyHolds(async () => expect((await service.agents())[0]?.desiredHash).toBeDefined());
      offers = agent.received.filter(({ remoteConfig }) => remoteConfig !== undefined).length;
    }
    expect(offers).toBeLessThan(20);
    expect((await service.agents())[0]).toMatchObject({
      delivery: 'held',
      reason: expect.stringContaining('its labels change with its config'),
    });
    const { items } = await service.get<{ items: readonly { kind: string }[] }>('/api/v1/events/history');
    expect(items.map(({ kind }) => kind)).toContain('oscillation');
  });

  it('22 an agent that was away for three revisions gets only the latest', async () => {
    await using service = await startTestService({ files: oneTenant });
    const agent = await connectRawAgent(service.app().opampUrl);
    await agent.send(hello);
    const first = await agent.offer(1);
    await agent.send({
      uid: uidOf(7),
      sequence: 1,
      remoteConfigStatus: { hash: first, state: 'applied', errorMessage: '' },
    });
    await agent.close();
    let latest = '';
    for (const marker of ['11s', '12s', '13s']) {
      latest = service.repo.commit({ 'edge/collector.yaml': collectorText(marker) });
      await eventuallyHolds(async () => expect((await service.fleet()).revision?.sha).toBe(latest));
    }
    await using back = await connectRawAgent(service.app().opampUrl);
    await back.send({ uid: uidOf(7), sequence: 2 });
    await eventually(() => back.received.find(({ remoteConfig }) => remoteConfig !== undefined));
    const offers = back.received.filter(({ remoteConfig }) => remoteConfig !== undefined);
    expect(offers).toHaveLength(1);
    expect(new TextDecoder().decode(offers[0]?.remoteConfig?.files[0]?.body)).toContain('13s');
  });

  it('wrong config is told loudly, and fails the commit even after its success', async () => {
    await using service = await startTestService({ files: oneTenant });
    const agent = service.agent({ attributes, behaviour: 'wrong-config' });
    await eventually(() => agent.state().status === 'applied');
    await eventuallyHolds(async () =>
      expect((await service.agents())[0]).toMatchObject({ sync: 'OutOfSync', delivery: 'failed' }),
    );
    const status = await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'failure');
    expect(status.description).toContain('wrong config');
  });

  it('drift is shown and fails nothing', async () => {
    await using service = await startTestService({ files: oneTenant });
    service.agent({ attributes, behaviour: 'drift' });
    await service.status(service.repo.git('rev-parse', 'HEAD'), 'muster/fleet', 'success');
    await eventuallyHolds(async () =>
      expect((await service.agents())[0]).toMatchObject({ sync: 'OutOfSync', delivery: 'applied' }),
    );
    const [seen] = await service.agents();
    const diff = await service.get<{ verdict: string; differences: readonly unknown[] }>(
      `/api/v1/agents/${seen?.uid}/diff`,
    );
    expect(diff.verdict).toBe('drift');
    expect(diff.differences.length).toBeGreaterThan(0);
  });
});
