import { describe, expect, it } from 'vitest';
import { createCredentialIndex } from '../../../src/credentials/index.ts';
import { type AgentReport, agentCapability } from '../../../src/model/index.ts';
import { createFleetView, credentialTenants, toFact } from '../../../src/reconciler/index.ts';
import { createConfigWork } from '../../../src/workers/config-engine.ts';
import { descriptionOf, fullCapabilities, healthOf, uidOf } from '../../support/agents.ts';
import { contentOf } from '../../support/repo-content.ts';
import { collectorText, oneTenant } from '../../support/service.ts';
import { createTestReconciler, type TestReconciler } from '../../support/test-reconciler.ts';

const uid = uidOf(7);
const hello: Partial<AgentReport> = {
  uid,
  sequence: 0,
  description: descriptionOf({ 'service.name': 'otelcol', 'host.name': 'web-1' }),
  health: healthOf(true),
};
const selector = (name: string) =>
  `kind: AgentConfig\nrollout: immediate\nselector:\n  matchLabels: {service.name: ${name}}\n`;
const decode = (body: Uint8Array | undefined) => new TextDecoder().decode(body);
const applied = (hash: string) => ({ hash: hash as never, state: 'applied' as const, errorMessage: '' });

/** An agent with this number and service connects, and applies what it is offered where told. */
async function join(
  test: TestReconciler,
  number: number,
  service: string,
  tenant = 'default',
  over: Partial<AgentReport> = {},
) {
  const id = uidOf(number);
  let sequence = 0;
  const send = (report: Partial<AgentReport>) =>
    test.reconciler.receive(
      {
        uid: id,
        sequence: sequence++,
        capabilities: fullCapabilities,
        disconnect: false,
        requestsUid: false,
        ...report,
      } as AgentReport,
      { id: `c${number}`, transport: 'ws', tenant, credential: 'anonymous' },
    );
  const reply = send({
    description: descriptionOf({ 'service.name': service, 'host.name': `h${number}` }),
    health: healthOf(true),
    ...over,
  });
  await test.reconciler.idle();
  const offer = () => test.pushed.filter((one) => one.uid === id).at(-1)?.config ?? reply.offer;
  const apply = async () => {
    const hash = offer()?.hash;
    if (hash) send({ remoteConfigStatus: applied(hash) });
    await test.reconciler.idle();
  };
  return { id, send, offer, apply, reply };
}

const status = (test: TestReconciler, sha: string, context: string) =>
  test.standing(sha).get(`muster/${context}`);

describe('offers, verdicts and guards under odd timing', () => {
  it('01 an agent that comes while a revision is loaded does not bind the old render key to new bytes', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const b = contentOf({ ...oneTenant, 'edge/collector.yaml': collectorText('77s') }, 50);
    test.reconciler.takeUp(b);
    test.receive(hello);
    await test.reconciler.idle();
    expect(decode(test.pushed.at(-1)?.config.files[0]?.body)).toContain('77s');
    test.receive({ uid, sequence: 1, remoteConfigStatus: applied(test.pushed.at(-1)?.config.hash ?? '') });
    await test.reconciler.idle();
    test.reconciler.takeUp(contentOf(oneTenant, 51));
    await test.reconciler.idle();
    expect(decode(test.pushed.at(-1)?.config.files[0]?.body)).toContain('timeout: 5s');
  });

  it('02 a commit that supersedes one tenant leaves the other to its own verdict', async () => {
    const test = createTestReconciler();
    const files = (a: string, g: string) => ({
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/acme/body.yaml': collectorText(a),
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
      'tenants/globex/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/globex/body.yaml': collectorText(g),
    });
    await test.commit(files('1s', '1s'));
    const one = await join(test, 1, 'otelcol', 'acme');
    const two = await join(test, 2, 'otelcol', 'globex');
    await one.apply();
    await two.apply();
    const both = await test.commit(files('2s', '2s'));
    const next = await test.commit(files('3s', '2s'));
    await one.apply();
    expect(status(test, next, 'fleet')?.state).toBe('success');
    two.send({ remoteConfigStatus: { ...applied(two.offer()?.hash ?? ''), state: 'failed' } });
    await test.reconciler.idle();
    expect(status(test, both, 'globex')).toMatchObject({ state: 'failure' });
  });

  it('03 a commit that a guard held and the next one took back is no success', async () => {
    const test = createTestReconciler();
    const files: Readonly<Record<string, string>> = {
      ...oneTenant,
      'other.yaml': `${selector('other')}config: edge/collector.yaml\n`,
    };
    await test.commit(files);
    for (let number = 1; number <= 5; number += 1) await (await join(test, number, 'otelcol')).apply();
    const { 'edge.yaml': _, ...without } = files;
    const held = await test.commit(without);
    expect(status(test, held, 'default')?.description).toContain('held');
    await test.commit(files);
    expect(status(test, held, 'default')?.description).not.toContain('applied and healthy');
  });

  it('04 a commit to a tenant with an error that stays is no success', async () => {
    const test = createTestReconciler();
    const files = {
      ...oneTenant,
      'bad.yaml': `${selector('bad')}config: bad/collector.yaml\n`,
      'bad/collector.yaml': collectorText().replace('[debug]', '[debg]'),
    };
    await test.commit(oneTenant);
    const first = await test.commit(files);
    expect(status(test, first, 'fleet')?.state).toBe('failure');
    const second = await test.commit({ ...files, 'edge/collector.yaml': collectorText('9s') });
    expect(status(test, second, 'fleet')?.state).not.toBe('success');
  });

  it('05 an approval does not make another tenant’s problems a success', async () => {
    const test = createTestReconciler();
    const files = {
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/acme/other.yaml': `${selector('other')}config: body.yaml\n`,
      'tenants/acme/body.yaml': collectorText(),
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
      'tenants/globex/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/globex/body.yaml': collectorText(),
    };
    await test.commit(files);
    for (let number = 1; number <= 5; number += 1)
      await (await join(test, number, 'otelcol', 'acme')).apply();
    const { 'tenants/acme/edge.yaml': _, ...without } = files;
    const held = await test.commit({
      ...without,
      'tenants/globex/body.yaml': collectorText().replace('[debug]', '[debg]'),
    });
    expect(status(test, held, 'fleet')?.state).toBe('failure');
    await test.pass(200_000, 2);
    test.reconciler.commands.approve(held, { actor: 'ada', reason: 'fine' });
    await test.reconciler.idle();
    expect(status(test, held, 'fleet')).toMatchObject({ state: 'failure' });
  });

  it('06 a commit that moves agents by Fleet.labels waits for them', async () => {
    const test = createTestReconciler();
    const files = {
      'edge.yaml':
        'kind: AgentConfig\nselector:\n  matchExpressions: [{key: fleet.ring, operator: DoesNotExist}]\nconfig: edge/collector.yaml\nrollout: immediate\n',
      'canary.yaml':
        'kind: AgentConfig\nselector:\n  matchLabels: {fleet.ring: canary}\nconfig: edge/other.yaml\nrollout: immediate\n',
      'edge/collector.yaml': collectorText(),
      'edge/other.yaml': collectorText('8s'),
    };
    await test.commit(files);
    await (await join(test, 1, 'otelcol')).apply();
    const moved = await test.commit({
      ...files,
      'fleet.yaml': 'kind: Fleet\nlabels:\n  - selector: {}\n    set: {fleet.ring: canary}\n',
    });
    expect(test.pushed).toHaveLength(2);
    expect(status(test, moved, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('07 the guard sees agents that lose their config by Fleet.labels', async () => {
    const test = createTestReconciler();
    const files = {
      'fleet.yaml': 'kind: Fleet\nlabels:\n  - selector: {}\n    set: {fleet.ring: canary}\n',
      'canary.yaml':
        'kind: AgentConfig\nselector:\n  matchLabels: {fleet.ring: canary}\nconfig: edge/other.yaml\nrollout: immediate\n',
      'edge/other.yaml': collectorText('8s'),
    };
    await test.commit(files);
    for (let number = 1; number <= 5; number += 1) await (await join(test, number, 'otelcol')).apply();
    await test.commit({ ...files, 'fleet.yaml': 'kind: Fleet\n' });
    expect(test.reconciler.world.held.size).toBe(1);
  });

  it('08 another tenant cannot take over an agent that is away', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const one = await join(test, 1, 'otelcol');
    await one.apply();
    test.reconciler.disconnected([one.id], { id: 'c1' });
    await join(test, 1, 'otelcol', 'intruder');
    expect(test.reconciler.world.registry.get(one.id)?.agent.tenant).toBe('default');
  });

  it('09 an agent that declares health and never reports it does not keep a commit open for ever', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    const { health: _, ...rest } = hello;
    test.receive(rest);
    await test.reconciler.idle();
    test.receive({ uid, sequence: 1, remoteConfigStatus: applied(test.pushed.at(-1)?.config.hash ?? '') });
    await test.pass(600_000, 60);
    expect(status(test, sha, 'fleet')?.state).not.toBe('pending');
  });

  it('10 without ReportsRemoteConfig, the config that still ran when the offer came is no failure', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    const capabilities = fullCapabilities & ~agentCapability.reportsRemoteConfig;
    test.receive({ ...hello, capabilities });
    await test.reconciler.idle();
    test.receive({
      uid,
      sequence: 1,
      capabilities,
      effectiveConfig: {
        files: [{ key: '', contentType: '', body: new TextEncoder().encode('receivers: {nop: }\n') }],
      },
    });
    await test.reconciler.idle();
    expect(status(test, sha, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('11 a repeated offer does not forget that the agent was healthy before the first one', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const one = await join(test, 1, 'otelcol');
    await one.apply();
    const sha = await test.commit({ ...oneTenant, 'edge/collector.yaml': collectorText('8s') });
    const hash = one.offer()?.hash ?? '';
    one.send({ health: healthOf(false, 'boom') });
    test.clock.advance(10_000);
    test.reconciler.disconnected([one.id], { id: 'c1' });
    test.reconciler.receive(
      {
        uid: one.id,
        sequence: 3,
        capabilities: fullCapabilities,
        disconnect: false,
        requestsUid: false,
      } as AgentReport,
      { id: 'c2', transport: 'ws', tenant: 'default', credential: 'anonymous' },
    );
    test.reconciler.receive(
      {
        uid: one.id,
        sequence: 4,
        capabilities: fullCapabilities,
        disconnect: false,
        requestsUid: false,
        remoteConfigStatus: applied(hash),
      } as AgentReport,
      { id: 'c2', transport: 'ws', tenant: 'default', credential: 'anonymous' },
    );
    await test.reconciler.idle();
    expect(status(test, sha, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('12 a clock that jumps an hour fails no offer that was just made', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    test.receive(hello);
    await test.pass(5_000, 5);
    test.clock.jump(3_600_000);
    await test.pass(1_000);
    expect(status(test, sha, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('13 an inspection whose revision was let go is not remembered as one without a verdict', () => {
    const work = createConfigWork();
    const first = contentOf(oneTenant, 1);
    const snapshot = work.load(first, new Map(), 0);
    const config = snapshot.tenants.get('default')?.configs[0];
    const assigned = {
      kind: 'assigned' as const,
      config: 'edge',
      overlays: [],
      agentVars: [],
      renderKey: 'k'.repeat(64),
    };
    expect(config?.name).toBe('edge');
    const request = {
      files: [{ key: '', contentType: '', body: new TextEncoder().encode(collectorText()) }],
      uid,
      host: '',
      type: 'otelcol' as const,
      compare: true,
    };
    const control = createConfigWork();
    control.load(first, new Map(), 0);
    expect(
      control.inspect({ ...request, desired: { revision: first.revision, tenant: 'default', assigned } })
        .verdict?.verdict,
    ).toBe('in-sync');
    const second = contentOf({ ...oneTenant, 'README.txt': 'x' }, 2);
    work.load(second, new Map(), 0);
    work.retain(new Set([second.revision]));
    work.inspect({ ...request, desired: { revision: first.revision, tenant: 'default', assigned } });
    const judged = work.inspect({
      ...request,
      desired: { revision: second.revision, tenant: 'default', assigned },
    });
    expect(judged.verdict?.verdict).toBe('in-sync');
  });

  it('14 between the first fetch and its taking up, what the store says moves no stranger', async () => {
    const test = createTestReconciler();
    const old = contentOf(oneTenant, 1);
    await test.reconciler.recall({
      agents: [],
      inForce: new Map([['default', old.revision]]),
      contents: [old],
      hashes: [],
      facts: new Map(),
    });
    await test.reconciler.idle();
    test.receive({ ...hello, uid: uidOf(1) });
    await test.reconciler.idle();
    test.reconciler.takeUp(contentOf({ ...oneTenant, 'edge/collector.yaml': collectorText('8s') }, 2));
    test.reconciler.confirm();
    const reply = test.receive({ ...hello, remoteConfigStatus: applied('a'.repeat(64)) });
    expect(reply.offer).toBeUndefined();
  });

  it('15 a commit without a fleet change is no failure for an older fault of nobody', async () => {
    const test = createTestReconciler();
    const files = {
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/acme/body.yaml': collectorText(),
      'stray.yaml': `${selector('otelcol')}config: tenants/acme/body.yaml\n`,
    };
    const first = await test.commit(files);
    expect(status(test, first, 'fleet')).toMatchObject({ state: 'failure' });
    const world = test.reconciler.world;
    const content = { ...contentOf(files, 60), tree: world.head?.content.tree ?? '' };
    test.reconciler.takeUp(content);
    await test.reconciler.idle();
    expect(status(test, content.revision, 'fleet')).toMatchObject({ state: 'success' });
  });

  it('16 agents that fall to an AgentConfig that did not change are waited for', async () => {
    const test = createTestReconciler();
    const files = {
      ...oneTenant,
      'all.yaml':
        'kind: AgentConfig\nselector: {}\npriority: -10\nconfig: edge/other.yaml\nrollout: immediate\n',
      'edge/other.yaml': collectorText('8s'),
    };
    await test.commit(files);
    const one = await join(test, 1, 'otelcol');
    await one.apply();
    await test.pass(200_000, 2);
    const sha = await test.commit({
      ...files,
      'edge.yaml': `${selector('other')}config: edge/collector.yaml\n`,
    });
    expect(decode(one.offer()?.files[0]?.body)).toContain('8s');
    expect(status(test, sha, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('17 a newcomer on a wrong config does not take back a verdict', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    const one = await join(test, 1, 'otelcol');
    await one.apply();
    await test.pass(200_000, 2);
    expect(status(test, sha, 'fleet')?.state).toBe('success');
    const two = await join(test, 2, 'otelcol');
    two.send({
      remoteConfigStatus: applied(two.offer()?.hash ?? two.reply.offer?.hash ?? ''),
      effectiveConfig: {
        files: [{ key: '', contentType: '', body: new TextEncoder().encode('receivers: {nop: }\n') }],
      },
    });
    await test.reconciler.idle();
    expect(status(test, sha, 'fleet')).toMatchObject({ state: 'success' });
  });

  it('18 a retry reopens the commit that failed, and no other tenant’s verdict', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    const one = await join(test, 1, 'otelcol');
    one.send({ remoteConfigStatus: { ...applied(one.offer()?.hash ?? ''), state: 'failed' } });
    await test.reconciler.idle();
    expect(status(test, sha, 'fleet')?.state).toBe('failure');
    await test.commit({ ...oneTenant, 'README.txt': 'x' });
    test.reconciler.commands.retry(one.id, { actor: 'ada', reason: 'again' });
    await test.reconciler.idle();
    expect(status(test, sha, 'fleet')?.state).toBe('pending');
  });

  it('19 a commit may not let go its own guard by naming its parent', async () => {
    const test = createTestReconciler();
    const first = await test.commit(oneTenant);
    for (let number = 1; number <= 5; number += 1) await (await join(test, number, 'otelcol')).apply();
    const content = contentOf(
      {
        'fleet.yaml': `kind: Fleet\napprove: ["${first.slice(-40)}"]\n`,
        'other.yaml': `${selector('x')}config: o.yaml\n`,
        'o.yaml': collectorText(),
      },
      70,
    );
    test.reconciler.takeUp({ ...content, commit: { ...content.commit, parents: [first as never] } });
    await test.reconciler.idle();
    expect(
      test.reconciler.world.head?.snapshot.problems.filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
    expect(test.reconciler.world.held.size).toBe(1);
  });

  it('20 after a restart, another tenant’s older problems do not fail a commit that is under way', async () => {
    const test = createTestReconciler();
    const files = (marker: string) => ({
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/acme/body.yaml': collectorText(marker),
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
      'tenants/globex/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/globex/body.yaml': collectorText().replace('[debug]', '[debg]'),
    });
    await test.commit(files('1s'));
    const sha = await test.commit(files('2s'));
    expect(status(test, sha, 'fleet')?.state).toBe('pending');
    const tracked = test.reconciler.world.tracked.get(sha as never);
    const content = test.reconciler.world.head?.content;
    if (!tracked || !content) throw new Error('nothing is tracked');
    const again = createTestReconciler();
    await again.reconciler.recall({
      agents: [],
      inForce: new Map([['acme', content.revision]]),
      contents: [content],
      hashes: [],
      facts: new Map([[`revision/${sha}`, JSON.parse(JSON.stringify(toFact(tracked)))]]),
    });
    await again.reconciler.idle();
    again.reconciler.takeUp(content);
    again.reconciler.confirm();
    await again.reconciler.idle();
    expect(status(again, sha, 'fleet')).toMatchObject({ state: 'pending' });
  });

  it('21 after a restart while Git is away, a commit that a guard held is no success', async () => {
    const test = createTestReconciler();
    const files: Readonly<Record<string, string>> = {
      ...oneTenant,
      'other.yaml': `${selector('other')}config: edge/collector.yaml\n`,
    };
    const base = contentOf(files, 80);
    test.reconciler.takeUp(base);
    await test.reconciler.idle();
    for (let number = 1; number <= 5; number += 1) await (await join(test, number, 'otelcol')).apply();
    const { 'edge.yaml': _, ...without } = files;
    const held = contentOf(without, 81);
    test.reconciler.takeUp(held);
    await test.reconciler.idle();
    const tracked = test.reconciler.world.tracked.get(held.revision);
    if (!tracked) throw new Error('nothing is tracked');
    expect(status(test, held.revision, 'default')?.description).toContain('held');
    const again = createTestReconciler();
    await again.reconciler.recall({
      agents: [],
      inForce: new Map([['default', base.revision]]),
      contents: [base, held],
      hashes: [],
      facts: new Map([[`revision/${held.revision}`, JSON.parse(JSON.stringify(toFact(tracked)))]]),
    });
    await again.reconciler.idle();
    for (let number = 1; number <= 5; number += 1) await (await join(again, number, 'otelcol')).apply();
    await again.pass(200_000, 2);
    expect(status(again, held.revision, 'default')?.state).toBe('pending');
  });

  it('22 a tenant whose contexts are open when its commit is replaced still gets its verdict', async () => {
    const test = createTestReconciler();
    const files = (a: string, g: string) => ({
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/acme/body.yaml': a,
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
      'tenants/globex/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
      'tenants/globex/body.yaml': g,
    });
    await test.commit(files(collectorText('1s'), collectorText('1s')));
    const two = await join(test, 2, 'otelcol', 'globex');
    await two.apply();
    const broken = collectorText('2s').replace('[debug]', '[debg]');
    const both = await test.commit(files(broken, collectorText('2s')));
    expect(status(test, both, 'fleet')?.state).toBe('failure');
    expect(status(test, both, 'globex')?.state).toBe('pending');
    await test.commit(files(collectorText('2s'), collectorText('2s')));
    await two.apply();
    await test.pass(200_000, 2);
    expect(status(test, both, 'globex')?.state).toBe('success');
  });

  it('23 new pods with rendered attributes do not pile up renderings without a commit', async () => {
    const test = createTestReconciler();
    await test.commit({
      'fleet.yaml': 'kind: Fleet\nagentVars: [host.name]\n',
      'edge.yaml': `${selector('otelcol')}config: edge/collector.yaml\n`,
      'edge/collector.yaml': collectorText().replace('localhost:4317', '"$(agent.host.name):4317"'),
    });
    for (let number = 1; number <= 30; number += 1) {
      const one = await join(test, number, 'otelcol');
      one.send({ disconnect: true });
    }
    await test.pass(700_000, 2);
    expect(test.reconciler.world.registry.size).toBe(0);
    expect(test.reconciler.world.renderings.size).toBeLessThan(30);
  });

  it('24 a tenant that is renamed keeps its agents while the guard holds', async () => {
    const test = createTestReconciler();
    const hash = 'ab'.repeat(32);
    const files = (t: string) => ({
      [`tenants/${t}/tenant.yaml`]: `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${hash}}\n`,
      [`tenants/${t}/edge.yaml`]: `${selector('otelcol')}config: body.yaml\n`,
      [`tenants/${t}/body.yaml`]: collectorText(),
    });
    await test.commit(files('acme'));
    for (let n = 1; n <= 5; n += 1) await (await join(test, n, 'otelcol', 'acme')).apply();
    await test.commit(files('apex'));
    expect([...test.reconciler.world.held.keys()]).toEqual(['acme']);
    expect(test.reconciler.world.head?.snapshot.problems).toEqual([]);
    const index = createCredentialIndex(
      credentialTenants(test.reconciler.world),
      { allowAnonymous: false },
      { now: () => 0 },
    );
    expect(index.identify({ tenant: 'acme', credential: 'edge', scope: 'full' })).toBeDefined();
  });

  it('25 problems that two tenants share are not shown to a third', async () => {
    const test = createTestReconciler();
    const tenant = (t: string, shared: boolean) => ({
      [`tenants/${t}/tenant.yaml`]: 'kind: Tenant\n',
      [`tenants/${t}/edge.yaml`]: `${selector('otelcol')}config: ${shared ? '/base/body.yaml' : 'body.yaml'}\n`,
      ...(shared ? {} : { [`tenants/${t}/body.yaml`]: collectorText() }),
    });
    await test.commit({
      'fleet.yaml': 'kind: Fleet\nsharedPaths: [base]\n',
      'base/body.yaml': collectorText().replace('[debug]', '[debg]'),
      ...tenant('acme', true),
      ...tenant('globex', true),
      ...tenant('initech', false),
    });
    const engine = { excerpts: async () => [] } as never;
    const view = createFleetView(test.reconciler.world, engine, {} as never);
    expect((await view.problems('initech', { limit: 100 })).items).toEqual([]);
    const [first, ...others] = (await view.problems('acme', { limit: 100 })).items;
    expect([first?.file, others.every(({ severity }) => severity === 'warning')]).toEqual([
      'base/body.yaml',
      true,
    ]);
  });

  it('26 APPLIED first and healthy later ends the ledger entry', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    const one = await join(test, 1, 'otelcol');
    const hash = one.offer()?.hash ?? '';
    one.send({ remoteConfigStatus: { ...applied(hash), state: 'failed' }, health: healthOf(false) });
    one.send({ remoteConfigStatus: applied(hash) });
    one.send({ health: healthOf(true) });
    await test.pass(5_000, 5);
    expect(test.reconciler.world.registry.get(one.id)?.facts.delivery).toBe('applied');
  });

  it('27 a credential that the head removed stays void over a restart without Git', async () => {
    const test = createTestReconciler();
    const hash = 'ab'.repeat(32);
    const base = contentOf(
      {
        'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${hash}}\n`,
        'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
        'tenants/acme/body.yaml': collectorText(),
      },
      1,
    );
    const head = contentOf(
      {
        'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: edge2, tokenSha256: ${'cd'.repeat(32)}}\n`,
        'tenants/acme/edge.yaml': `${selector('otelcol')}config: body.yaml\n`,
        'tenants/acme/body.yaml': collectorText().replace('[debug]', '[debg]'),
      },
      2,
    );
    test.reconciler.takeUp(base);
    await test.reconciler.idle();
    test.reconciler.takeUp(head);
    await test.reconciler.idle();
    const idx = () =>
      createCredentialIndex(
        credentialTenants(test.reconciler.world),
        { allowAnonymous: false },
        { now: () => 0 },
      );
    expect(idx().identify({ tenant: 'acme', credential: 'edge', scope: 'full' })).toBeUndefined();
    const again = createTestReconciler();
    await again.reconciler.recall({
      agents: [],
      inForce: new Map([['acme', base.revision]]),
      contents: [base, head],
      hashes: [],
      facts: new Map(),
    });
    const idx2 = createCredentialIndex(
      credentialTenants(again.reconciler.world),
      { allowAnonymous: false },
      { now: () => 0 },
    );
    expect(idx2.identify({ tenant: 'acme', credential: 'edge', scope: 'full' })).toBeUndefined();
  });

  it('28 an agent that can only show its effective config and never does keeps no commit open for ever', async () => {
    const test = createTestReconciler();
    const sha = await test.commit(oneTenant);
    test.receive({ ...hello, capabilities: fullCapabilities & ~agentCapability.reportsRemoteConfig });
    await test.pass(600_000, 60);
    expect(status(test, sha, 'fleet')?.state).not.toBe('pending');
  });

  it('29 recalled revisions are in the order in which they were taken up', async () => {
    const test = createTestReconciler();
    await test.reconciler.recall({
      agents: [],
      inForce: new Map(),
      contents: [],
      hashes: [],
      facts: new Map(
        ['ff', '0a'].map((c, i) => [
          `revision/${c.repeat(20)}`,
          {
            sha: c.repeat(20),
            ref: 'main',
            commit: {},
            takenUpAt: 5 - i,
            tenants: [],
            problems: { count: 0 },
            validation: { errors: { count: 0 }, warnings: 0 },
            fleetChanged: true,
            standing: [],
            movedAt: 0,
            published: true,
          },
        ]),
      ),
    });
    await test.reconciler.idle();
    expect([...test.reconciler.world.tracked.values()].map((r) => r.takenUpAt)).toEqual([4, 5]);
  });

  it('P9 a commit that changes one file renders only the configs that use it', async () => {
    const test = createTestReconciler();
    const files = (one: string, readme: string) => ({
      ...Object.fromEntries(
        ['one', 'two', 'three'].map((name) => [
          `${name}.yaml`,
          `${selector(name)}config: body/${name}.yaml\n`,
        ]),
      ),
      'body/one.yaml': collectorText(one),
      'body/two.yaml': collectorText('2s'),
      'body/three.yaml': collectorText('3s'),
      'README.txt': readme,
    });
    await test.commit(files('1s', 'a'));
    for (const [index, service] of ['one', 'one', 'two', 'three'].entries())
      await (await join(test, index + 1, service)).apply();
    expect(test.rendered).toHaveLength(3);
    await test.commit(files('9s', 'a'));
    expect(test.rendered.slice(3).map(({ assigned }) => assigned.config)).toEqual(['one']);
    await test.commit(files('9s', 'b'));
    expect(test.rendered).toHaveLength(4);
  });

  it('a revision that cannot be loaded is tried again after a while, not in every pass, and is not lost', async () => {
    const test = createTestReconciler();
    await test.commit(oneTenant);
    test.loads.fail = true;
    const sha = await test.commit({ ...oneTenant, 'edge/collector.yaml': collectorText('8s') });
    const tries = test.loads.count;
    for (let number = 1; number <= 20; number += 1) await join(test, number, 'otelcol');
    expect(test.loads.count).toBe(tries);
    await test.pass(12_000, 12);
    expect(test.loads.count - tries).toBeLessThanOrEqual(3);
    test.loads.fail = false;
    await test.pass(6_000, 6);
    expect(test.reconciler.world.head?.content.revision).toBe(sha);
  });
});
