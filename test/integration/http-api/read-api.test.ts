import { describe, expect, it } from 'vitest';
import type { AgentView, Page, TenantView } from '../../../src/http-api/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { connectRawAgent } from '../../support/raw-agent.ts';
import { oneTenant, startTestService } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0' };

describe('the read API', () => {
  it('lists agents in pages, by selector, delivery and connection', async () => {
    await using service = await startTestService({ files: oneTenant });
    const join = (index: number) =>
      service.agent(
        { attributes: { ...attributes, 'host.name': `web-${index}`, role: index < 3 ? 'edge' : 'gateway' } },
        index % 2 === 0 ? 'ws' : 'http',
      );
    const agent = join(0);
    for (let index = 1; index < 7; index += 1) join(index);
    await eventuallyHolds(async () => expect(await service.agents('delivery=applied')).toHaveLength(7));
    const seen = new Set<string>();
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
      const page: Page<AgentView> = await service.get(
        `/api/v1/agents?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.total).toBe(7);
      for (const { uid } of page.items) seen.add(uid);
      cursor = page.next;
    }
    expect(seen.size).toBe(7);
    expect(await service.agents('selector=role%3Dedge')).toHaveLength(3);
    expect(await service.agents('selector=role!%3Dedge%2Chost.name~web-*')).toHaveLength(4);
    expect(await service.agents('connected=false')).toHaveLength(0);
    expect(await service.agents('tenant=nobody')).toHaveLength(0);
    expect(await service.agents('rollout=default%2Fedge')).toHaveLength(7);
    expect(await service.agents('rollout=default%2Fother')).toHaveLength(0);
    const reported = agent.state().hash;
    expect(reported).toMatch(/^[0-9a-f]{64}$/);
    expect(await service.agents(`hash=${reported.slice(0, 8)}`)).toHaveLength(7);
    expect(await service.agents('hash=0000000000')).toHaveLength(0);
    const tenant = await service.get<TenantView>('/api/v1/tenants/default');
    expect(tenant).toMatchObject({
      agents: { matched: 7, connected: 7 },
      configs: [{ config: 'edge', file: { file: 'edge.yaml' } }],
    });
    const detail = await service.agentDetail([...seen][0] ?? '');
    expect(detail.startedAt).toMatch(/^20\d\d-/);
    expect(detail.capabilities).toContain('acceptsRemoteConfig');
  });

  it('tells the revision with its statuses, the report, and problems with their position', async () => {
    const files = { ...oneTenant, 'edge/unused.yaml': 'receivers: {}\n' };
    await using service = await startTestService({ files });
    service.agent({ attributes });
    const sha = service.repo.git('rev-parse', 'HEAD');
    await service.status(sha, 'muster/fleet', 'success');
    await eventuallyHolds(async () =>
      expect(await service.get(`/api/v1/revisions/${sha.slice(0, 8)}`)).toMatchObject({
        version: 1,
        revision: sha,
        tenants: { default: { state: 'success', agents: { applied: 1 } } },
        agents: [{ delivery: 'applied', sync: 'Synced' }],
      }),
    );
    const { items } =
      await service.get<Page<{ code: string; file: string; line: number; severity: string }>>(
        '/api/v1/problems',
      );
    expect(items).toMatchObject([{ file: 'edge/unused.yaml', line: 1, severity: 'warning' }]);
    expect((await fetch(new URL('/api/v1/revisions/abcdef0123', service.app().httpUrl))).status).toBe(404);
  });

  it('streams events as they happen, and keeps them', async () => {
    await using service = await startTestService({ files: oneTenant });
    const abort = new AbortController();
    const stream = await fetch(new URL('/api/v1/events', service.app().httpUrl), { signal: abort.signal });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) text += new TextDecoder().decode(chunk);
    })().catch(() => {});
    await eventually(() => text.includes('event: hello'));
    expect((await service.post('/api/v1/stop', { reason: 'a test' })).status).toBe(202);
    await eventually(() => text.includes('"kind":"stopped"'));
    abort.abort();
    await reading;
    const history =
      await service.get<Page<{ kind: string; actor: string; message: string }>>('/api/v1/events/history');
    expect(history.items[0]).toMatchObject({
      kind: 'stopped',
      actor: 'this computer',
      message: 'all offers stopped: a test',
    });
    const url = new URL('/api/v1/events/history', service.app().httpUrl);
    const { headers } = await fetch(url);
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
    const again = await fetch(url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const some = await service.get<Page<{ kind: string }>>(
      '/api/v1/events/history?limit=1&kind=wrong-config,stopped,drift',
    );
    expect(some.items.map(({ kind }) => kind)).toEqual(['stopped']);
  });

  it('withholds every offer while stopped, over a restart too, and goes on after start', async () => {
    await using service = await startTestService({ files: oneTenant });
    await service.post('/api/v1/stop', { reason: 'incident' });
    const agent = service.agent({ attributes });
    const sha = service.repo.git('rev-parse', 'HEAD');
    await eventuallyHolds(async () =>
      expect((await service.agents())[0]).toMatchObject({ delivery: 'held', reason: 'stopped: incident' }),
    );
    await eventuallyHolds(async () =>
      expect((await service.status(sha, 'muster/fleet', 'pending')).description).toContain('paused'),
    );
    await service.restart();
    await eventuallyHolds(async () =>
      expect((await service.agents())[0]).toMatchObject({ delivery: 'held', connected: true }),
    );
    expect(agent.state().offers).toBe(0);
    await service.post('/api/v1/start', { reason: 'over' });
    await service.status(sha, 'muster/fleet', 'success');
  });

  it('retry offers a refused config again and reopens the verdict', async () => {
    await using service = await startTestService({ files: oneTenant });
    await using agent = await connectRawAgent(service.app().opampUrl);
    await agent.send({
      uid: uidOf(7),
      sequence: 0,
      description: descriptionOf(attributes),
      health: healthOf(true),
    });
    const hash = await agent.offer(1);
    await agent.send({
      uid: uidOf(7),
      sequence: 1,
      remoteConfigStatus: { hash, state: 'failed', errorMessage: 'disk full' },
    });
    const sha = service.repo.git('rev-parse', 'HEAD');
    await service.status(sha, 'muster/fleet', 'failure');
    expect((await service.post(`/api/v1/agents/${uidOf(7)}/retry`, {})).status).toBe(400);
    expect(
      (await service.post(`/api/v1/agents/${uidOf(7)}/retry`, { reason: 'the disk is mended' })).status,
    ).toBe(202);
    expect(await agent.offer(2)).toBe(hash);
    await service.status(sha, 'muster/fleet', 'pending');
    await agent.send({
      uid: uidOf(7),
      sequence: 2,
      remoteConfigStatus: { hash, state: 'applied', errorMessage: '' },
    });
    await service.status(sha, 'muster/fleet', 'success');
  });

  it('describes every route it has', async () => {
    await using service = await startTestService({ files: oneTenant });
    const { paths } = await service.get<{ paths: Record<string, Record<string, unknown>> }>(
      '/api/openapi.json',
    );
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods)) {
        if (path.endsWith('/events')) continue;
        const url = new URL(path.replace(/\{\w+\}/g, 'none-such'), service.app().httpUrl);
        const answer = await fetch(url, { method });
        expect([200, 202, 204, 400, 404], `${method} ${path}`).toContain(answer.status);
        if (answer.status === 404) expect(await answer.text()).not.toContain('no such resource');
      }
  });
});
