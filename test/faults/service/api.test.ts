import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

/** One request with exactly these headers; fetch would set Host itself. */
function exchange(
  base: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  body = '',
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const call = request({ hostname, port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function ask(...question: Parameters<typeof exchange>): Promise<number> {
  return (await exchange(...question)).status;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('16 the API', () => {
  it('serves this computer alone where no token is configured: no foreign Host, Origin or forwarded request', async () => {
    await using service = await startTestService({ files: oneTenant });
    const base = service.app().httpUrl;
    const { port } = new URL(base);
    const path = '/api/v1/fleet';
    expect(await ask(base, path, { host: `127.0.0.1:${port}` })).toBe(200);
    expect(await ask(base, path, { host: `localhost:${port}` })).toBe(200);
    for (const headers of [
      { host: 'attacker.example' },
      { host: `127.0.0.1.attacker.example:${port}` },
      { host: `localhost:${port}`, origin: 'https://attacker.example' },
      { host: `localhost:${port}`, 'x-forwarded-for': '203.0.113.9' },
      { host: `localhost:${port}`, forwarded: 'for=203.0.113.9' },
    ])
      expect(await ask(base, path, headers), JSON.stringify(headers)).toBe(403);
    expect(
      await ask(
        base,
        '/api/v1/stop',
        { host: `localhost:${port}`, origin: 'https://attacker.example' },
        'POST',
        '{"reason":"x"}',
      ),
    ).toBe(403);
    for (const probe of ['/healthz', '/readyz'])
      expect(await ask(base, probe, { host: 'attacker.example' })).toBe(200);
    expect(await ask(base, '/metrics', { host: 'attacker.example' })).toBe(403);
  });

  it('keeps roles and tenants apart where tokens are configured', async () => {
    const files = {
      'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: a, tokenSha256: 2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90}\n`,
      'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: missing.yaml\nrollout: immediate\n',
      'tenants/globex/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: b, tokenSha256: 81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9}\n`,
    };
    const environment = { MUSTER_API_TOKENS: 'operator:*:root,viewer:*:eye,operator:globex:glo' };
    await using service = await startTestService({ files, environment });
    const base = service.app().httpUrl;
    const agent = service.agent({ attributes: { 'service.name': 'otelcol' }, token: 'alice' });
    const read = async (path: string, token: string) => {
      const answer = await fetch(new URL(path, base), { headers: bearer(token) });
      return { status: answer.status, text: await answer.text() };
    };
    expect((await fetch(new URL('/api/v1/fleet', base))).status).toBe(401);
    expect((await read('/api/v1/tenants', 'root')).text).toContain('acme');
    expect((await read('/api/v1/tenants', 'glo')).text).not.toContain('acme');
    expect((await read('/api/v1/tenants/acme', 'glo')).status).toBe(404);
    expect((await read('/api/v1/agents?tenant=acme', 'glo')).text).toBe(
      '{"items":[],"total":0,"next":null,"of":0,"facets":{}}',
    );
    expect((await read(`/api/v1/agents/${agent.state().uid}`, 'glo')).status).toBe(404);
    expect((await read('/api/v1/problems', 'glo')).text).not.toContain('acme');
    expect((await read('/api/v1/revisions', 'glo')).text).not.toContain('acme');
    expect((await read('/metrics', 'glo')).status).toBe(403);
    const head = service.repo.git('rev-parse', 'HEAD');
    expect((await read(`/api/v1/revisions/${head}`, 'glo')).text).not.toContain('acme');
    const stop = (token: string) => ask(base, '/api/v1/stop', bearer(token), 'POST', '{"reason":"test"}');
    expect(await stop('eye')).toBe(403);
    expect(await stop('glo')).toBe(403);
    expect(await stop('root')).toBe(202);
    expect(await ask(base, '/api/v1/start', bearer('root'), 'POST', '{}'), 'a reason is required').toBe(400);
    expect(await ask(base, '/api/v1/start', bearer('root'), 'POST', '{'), 'bad JSON').toBe(400);
    expect(await ask(base, '/api/v1/start', bearer('root'), 'POST', 'x'.repeat(20_000)), 'too large').toBe(
      413,
    );
  });

  it('lets nobody act on a rollout, a pin or a request of another tenant, however the path is spelt', async () => {
    const tenant = (name: string) => ({
      [`tenants/${name}/tenant.yaml`]: 'kind: Tenant\n',
      [`tenants/${name}/edge.yaml`]: 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\n',
      [`tenants/${name}/edge/collector.yaml`]: collectorText(),
    });
    const environment = { MUSTER_API_TOKENS: 'operator:*:root,viewer:acme:eye,operator:globex:glo' };
    await using service = await startTestService({
      files: { ...tenant('acme'), ...tenant('globex') },
      environment,
    });
    const base = service.app().httpUrl;
    const body = JSON.stringify({ reason: 'x', tenant: 'acme', config: 'edge' });
    const act = (path: string, token: string, method = 'POST') =>
      ask(base, `/api/v1${path}`, { ...bearer(token), 'content-length': `${body.length}` }, method, body);
    expect(await act('/rollouts/acme%2Fedge/pause', 'root')).toBe(202);
    expect(await act('/rollouts/globex%2Fedge/pause', 'glo')).toBe(202);
    for (const id of [
      ...['acme%2Fedge', 'acme%2fedge', 'globex%2F..%2Facme%2Fedge', '%2e%2e%2Facme%2Fedge', 'acme%252Fedge'],
      ...['ACME%2Fedge', '%2Facme%2Fedge', 'globex%2F%2Facme%2Fedge', 'acme%2Fedge%00', '%FF%2Fedge'],
    ])
      for (const name of ['pause', 'resume', 'abort', 'retry', 'approve'])
        expect([403, 404], `${id} ${name}`).toContain(await act(`/rollouts/${id}/${name}`, 'glo'));
    for (const path of ['/rollouts/acme/edge/pause', '//rollouts/acme%2Fedge/pause', '/pins'])
      expect([403, 404], path).toContain(await act(path, 'glo'));
    for (const path of ['/pins/acme/edge', '/pins/globex%2F..%2Facme/edge', '/pins/../pins/acme/edge'])
      expect([403, 404], path).toContain(await act(path, 'glo', 'DELETE'));
    for (const path of ['/stop', '/start', '/sync', '/approve/0123456789'])
      expect(await act(path, 'glo'), path).toBe(403);
    for (const path of [
      ...['/rollouts/acme%2Fedge/pause', '/pins', '/stop'],
      '/agents/01936f2e-8c1a-7b42-9d55-000000000001/approve',
    ])
      expect(await act(path, 'eye'), path).toBe(403);
    expect(await act('/agents/01936f2e-8c1a-7b42-9d55-000000000001/approve', 'glo')).toBe(404);
  });

  it('reads no body past its limit, declared or not', async () => {
    await using service = await startTestService({ files: oneTenant });
    const base = service.app().httpUrl;
    const { port } = new URL(base);
    const host = `localhost:${port}`;
    const body = JSON.stringify({ reason: 'x'.repeat(100_000) });
    for (const headers of [
      { host, 'content-length': String(body.length) },
      { host, 'transfer-encoding': 'chunked' },
    ])
      expect(await ask(base, '/api/v1/stop', headers, 'POST', body)).toBe(413);
    expect(await ask(base, '/api/v1/sync', { host, 'transfer-encoding': 'chunked' }, 'POST', '{}')).toBe(202);
  });

  it('gives no way out of its resources', async () => {
    await using service = await startTestService({ files: oneTenant });
    const base = service.app().httpUrl;
    const host = new URL(base).host;
    for (const path of ['/api/v1/agents/..%2f..%2fetc%2fpasswd', '/api/v1/revisions/%00'])
      expect(await ask(base, path, { host }), path).toBe(404);
    // What names no resource of the API is a view of the page, whatever it spells.
    for (const path of ['/api/v1/../../etc/passwd', '/%2e%2e/%2e%2e/package.json', '/..%2f..%2fetc/passwd']) {
      const { status, text } = await exchange(base, path, { host });
      if (status === 200) expect(text, path).toMatch(/^<!doctype html>/i);
      else expect(status, path).toBe(404);
    }
    expect(await ask(base, '/api/v1/agents?selector=%28', { host })).toBe(400);
  });
});
