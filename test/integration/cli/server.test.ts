import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CliResult, runCommand } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { collectorText, startTestService, type TestService } from '../../support/service.ts';

const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0', 'os.type': 'linux' };
const tokens = 'operator:*:op-token,viewer:acme:acme-viewer';

async function readEnrollment(): Promise<{ readonly token: string; readonly entry: string }> {
  const { out, err, exit } = await runCommand(['token', 'create', '--tenant', 'acme', '--name', 'hosts']);
  expect(exit).toBe(0);
  const [, entry = ''] = /^ {2}- (\{.+\})$/m.exec(err) ?? [];
  return { token: out.trim(), entry };
}

/** As text, but for what moves by itself from one moment to the next. */
const withoutTimes = (value: unknown) =>
  JSON.stringify(value, (key, part) => (/^(?:now|since|waiting)$|At$/.test(key) ? undefined : part));

describe('the commands that talk to a server', () => {
  let service: TestService;
  let uid: string;
  let token: string;

  beforeAll(async () => {
    const enrollment = await readEnrollment();
    token = enrollment.token;
    service = await startTestService({
      files: {
        'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - ${enrollment.entry}\n`,
        'tenants/acme/edge.yaml':
          'kind: AgentConfig\nselector:\n  matchLabels: {service.name: otelcol}\nconfig: edge/collector.yaml\nrollout: immediate\n',
        'tenants/acme/edge/collector.yaml': collectorText(),
      },
      environment: { MUSTER_API_TOKENS: tokens },
    });
    service.agent({ attributes: { ...attributes, 'host.name': 'web-1' }, token });
    service.agent({ attributes: { ...attributes, 'host.name': 'web-2' }, token, behaviour: 'fail' });
    uid = await eventually(async () => (await list('--delivery', 'failed'))[0]?.uid);
    await eventually(async () => (await list('--delivery', 'applied')).length === 1);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  function run(args: readonly string[], apiToken = 'op-token'): Promise<CliResult> {
    return runCommand([...args, '--server', service.app().httpUrl], {
      environment: { MUSTER_TOKEN: apiToken },
      directory: service.repo.dir,
    });
  }

  async function list(...args: readonly string[]) {
    const { out } = await run(['agents', 'list', '--output', 'json', ...args]);
    return (JSON.parse(out) as { readonly items: readonly { readonly uid: string; readonly host: string }[] })
      .items;
  }

  it('a token that `token create` printed admits agents by the line that it printed', async () => {
    expect((await list()).map(({ host }) => host).sort()).toEqual(['web-1', 'web-2']);
  });

  it('agents list --output json is the inventory', async () => {
    const [applied] = await list('--selector', 'host.name=web-1');
    expect(applied).toMatchObject({
      tenant: 'acme',
      labels: { 'os.type': 'linux', 'fleet.tenant': 'acme' },
      build: { name: 'otelcol', version: '0.159.0' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('agents list is a table', async () => {
    const { out, exit } = await run(['agents']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^UID +TENANT +HOST +CONFIG +CONNECTED +DELIVERY +SYNC +HEALTH\n/);
    expect(out).toMatch(/acme +web-1 +edge +yes +applied +Synced +Healthy\n/);
  });

  it('agents list names the agents of a commit, a rollout and its step, the worst first', async () => {
    const sha = service.repo.git('rev-parse', 'HEAD');
    const hosts = async (...args: readonly string[]) => (await list(...args)).map(({ host }) => host);
    expect(await hosts('--revision', sha, '--sort', 'worst')).toEqual(['web-2', 'web-1']);
    expect(await hosts('--rollout', 'acme/edge', '--step', 'all', '--sort', 'host')).toEqual([
      'web-1',
      'web-2',
    ]);
    expect(await hosts('--revision', '0'.repeat(40))).toEqual([]);
    expect(await hosts('--rollout', 'acme/other')).toEqual([]);
  });

  it.each([
    [['--sort', 'age'], /Allowed choices are host, seen, worst/],
    [
      ['--rollout', 'acme/edge', '--step', 'canary'],
      /the server answered 400: the rollout has no such step; it has all /,
    ],
    [['--step', 'all'], /the server answered 400: /],
  ])('agents list %j is one line', async (args, told) => {
    const { err, exit } = await run(['agents', 'list', ...args]);
    expect(exit).toBe(2);
    expect(err).toMatch(told);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each(['agents', 'agents get UID', 'agents pending', 'status', 'rollouts', 'diff UID'])(
    'muster %s tells the same as YAML and as JSON',
    async (line) => {
      const args = line.split(' ').map((word) => (word === 'UID' ? uid : word));
      const [yaml, json] = [await run([...args, '-o', 'yaml']), await run([...args, '-o', 'json'])];
      expect(withoutTimes(parse(yaml.out))).toBe(withoutTimes(JSON.parse(json.out)));
      expect([yaml.exit, yaml.out.startsWith('{')]).toEqual([json.exit, false]);
    },
  );

  it('a bad selector is one line', async () => {
    const { err, exit } = await run(['agents', 'list', '--selector', 'a in']);
    expect(exit).toBe(2);
    expect(err).toMatch(/^muster: the server answered 400: bad selector\. .+ \(API_REFUSED\)\n$/);
  });

  it('agents get prints one agent as JSON; an unknown one is one line', async () => {
    const { out } = await run(['agents', 'get', uid]);
    expect(JSON.parse(out)).toMatchObject({ uid, delivery: 'failed', host: 'web-2' });
    const unknown = await run(['agents', 'get', 'nobody']);
    expect(unknown).toMatchObject({ exit: 2, err: expect.stringContaining('404: no such agent') });
  });

  it('status exits 1 while the fleet has not converged, and tells the same as JSON', async () => {
    const { out, exit } = await run(['status']);
    expect(exit).toBe(1);
    expect(out).toMatch(
      /^main@[0-9a-f]{7} {2}First fleet\n2 agents connected, 1 applied, 1 healthy, 1 failed\n/,
    );
    expect(out).toMatch(/CONTEXT +STATE +DESCRIPTION\n/);
    const json = await run(['status', '--output', 'json']);
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ repo: { branch: 'main' }, agents: { failed: 1 } });
  });

  it('diff compares desired with effective', async () => {
    const [applied] = await list('--selector', 'host.name=web-1');
    const { out, exit } = await run(['diff', applied?.uid ?? '']);
    expect(out).toMatch(/^in-sync\n/);
    expect(exit).toBe(0);
    const json = await run(['diff', uid, '--output', 'json']);
    expect(JSON.parse(json.out)).toMatchObject({ uid });
  });

  it('why explains a connected agent by the repo at hand', async () => {
    const { out, exit } = await run(['why', uid]);
    expect(out).toContain('yes  edge (tenants/acme/edge.yaml, priority 0)');
    expect(exit).toBe(0);
  });

  it('stop and start are told by status, and need a reason', async () => {
    expect((await run(['stop', '--reason', 'fire drill'])).out).toContain('until `muster start`');
    expect((await run(['status'])).out).toContain('stopped: fire drill; offers go on with `muster start`');
    expect((await run(['start', '--reason', 'over'])).exit).toBe(0);
    expect((await run(['status'])).out).not.toContain('stopped:');
  });

  it('retry offers a refused config again', async () => {
    expect((await run(['agents', 'retry', uid, '--reason', 'mended'])).out).toBe(
      `${uid} is offered its config again\n`,
    );
  });

  it('acts on the rollout of the commit that --commit names, and on no other', async () => {
    const sha = service.repo.git('rev-parse', 'HEAD');
    const pause = (commit: string) =>
      run(['rollouts', 'pause', 'acme/edge', '--commit', commit, '--reason', 'incident 7']);
    const other = await pause('0123456');
    expect(other).toMatchObject({ exit: 2, out: '' });
    expect(other.err).toContain(`is of ${sha.slice(0, 7)} by now, not of 0123456`);
    expect(await pause('')).toMatchObject({ exit: 2, out: '', err: expect.stringContaining('no commit') });
    expect(await pause(sha)).toMatchObject({ exit: 0, out: 'acme/edge: pause is done\n' });
    await run(['rollouts', 'resume', 'acme/edge', '--reason', 'over']);
  });

  it('approve of a revision that no guard holds is one line', async () => {
    const { err, exit } = await run(['approve', '1234567', '--reason', 'x']);
    expect(exit).toBe(2);
    expect(err).toMatch(
      /no guard holds 1234567\. Give the sha that the commit status names\. \(API_REFUSED\)\n$/,
    );
  });

  it('tokens: none, unknown, a viewer that acts, another tenant', async () => {
    const none = await runCommand(['status', '--server', service.app().httpUrl]);
    expect(none).toMatchObject({ exit: 2, err: expect.stringContaining('Set MUSTER_TOKEN') });
    const unknown = await run(['status'], 'wrong');
    expect(unknown).toMatchObject({ exit: 2, err: expect.stringContaining('401') });
    const viewer = await run(['stop', '--reason', 'x'], 'acme-viewer');
    expect(viewer).toMatchObject({ exit: 2, err: expect.stringContaining('needs the role operator') });
    for (const { err } of [none, unknown, viewer]) expect(err).not.toMatch(/op-token|acme-viewer|wrong/);
  });

  it.each([false, true])(
    'agents --watch tells what changes until it is interrupted, on a terminal: %s',
    async (terminal) => {
      const ending = new AbortController();
      let told = '';
      const watching = runCommand(['agents', '--watch', '--server', service.app().httpUrl], {
        environment: { MUSTER_TOKEN: 'op-token' },
        ...{ terminal, signal: ending.signal },
        onOut: (text) => {
          told += text;
        },
      });
      await eventually(() => told.includes('web-1'));
      const host = `late-${terminal}`;
      const late = service.agent({ attributes: { ...attributes, 'host.name': host }, token });
      await eventually(() => told.includes(host), 20_000);
      ending.abort();
      expect((await watching).exit).toBe(0);
      late.stop();
      if (terminal) expect(told).toMatch(/\u001b\[\d+A\r\u001b\[J[\s\S]*\u001b\[32mapplied/);
      else expect(told).toMatch(/^UID[^\u001b]*$/);
      expect(told.match(/UID/g)?.length === 1).toBe(!terminal);
    },
  );
});

describe('approve', () => {
  it('lets go what the guard holds', async () => {
    const edge =
      'kind: AgentConfig\nselector: {matchLabels: {service.name: otelcol}}\nconfig: edge/collector.yaml\nrollout: immediate\n';
    await using service = await startTestService({
      files: { 'edge.yaml': edge, 'edge/collector.yaml': collectorText() },
    });
    for (let index = 0; index < 5; index += 1)
      service.agent({ attributes: { ...attributes, 'host.name': `web-${index}` } });
    await eventually(async () => (await service.agents('delivery=applied')).length === 5);
    const sha = service.repo.commit({ 'edge.yaml': edge.replace('otelcol}', 'other}') });
    await service.status(sha, 'muster/fleet', 'pending');
    await eventually(async () => {
      const { exit } = await runCommand([
        'approve',
        sha.slice(0, 8),
        '--reason',
        'meant',
        '--server',
        service.app().httpUrl,
      ]);
      return exit === 0;
    });
    await eventually(async () => (await service.agents('delivery=orphaned')).length === 5);
  });
});
