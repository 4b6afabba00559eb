import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentView, Page } from '../../../src/http-api/index.ts';
import { mainFile, type RunningProcess, startProcess } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { collectorText, oneTenant } from '../../support/service.ts';

function start(args: readonly string[]): RunningProcess {
  const running = startProcess(process.execPath, [mainFile, ...args]);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

function startServe(over: readonly string[]): RunningProcess {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const repo = makeRepo(join(folder.path, 'repo'));
  repo.commit(oneTenant);
  const args = ['serve', '--repo', repo.dir, '--data-dir', join(folder.path, 'data'), '--log-level', 'error'];
  return start([...args, ...over]);
}

describe('muster demo', () => {
  it('brings every agent to its config, and leaves nothing behind at SIGTERM', async () => {
    const demo = start(['demo', '--http', '127.0.0.1:0', '--opamp', '127.0.0.1:0']);
    const [, url = ''] = await eventually(
      () => /API +(\S+)\/api\/v1\/fleet/.exec(demo.out()) ?? undefined,
      20_000,
    );
    await eventually(async () => {
      const { total } = (await (
        await fetch(`${url}/api/v1/agents?delivery=applied`)
      ).json()) as Page<AgentView>;
      return total === 12;
    }, 60_000);
    const [, repo = ''] = /Repo +(\S+)/.exec(demo.out()) ?? [];
    expect(existsSync(join(repo, 'fleet.yaml'))).toBe(true);
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toEqual([0, null]);
    expect(demo.err()).toBe('');
    expect(existsSync(dirname(repo))).toBe(false);
  }, 90_000);
});

describe('muster serve', () => {
  it.each(['--opamp', '--http'])('ends with one line and status 2 where %s is taken', async (flag) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const other = flag === '--opamp' ? '--http' : '--opamp';
    const serve = startServe([other, '127.0.0.1:0', flag, `127.0.0.1:${port}`]);
    expect(await serve.ended).toEqual([2, null]);
    expect(serve.err()).toMatch(/^muster: [^\n]*EADDRINUSE[^\n]*\n$/);
  });
});

describe('one-shot commands', () => {
  it('write all of a long output into a pipe', async () => {
    const folder = makeTemporaryDir();
    onTestFinished(() => folder.remove());
    const note = 'x'.repeat(500_000);
    const body = `${collectorText()}  telemetry: {resource: {note: ${note}, last: here}}\n`;
    makeRepo(folder.path).commit({ ...oneTenant, 'edge/collector.yaml': body });
    const render = start(['render', folder.path, '--agent', 'service.name=otelcol']);
    expect(await render.ended).toEqual([0, null]);
    expect(render.out()).toMatch(/\n +last: here\n$/);
  });

  it('end at once at SIGTERM while they wait for an answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const asked = once(silent, 'connection') as Promise<[Socket]>;
    const status = start([
      'status',
      '--server',
      `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    ]);
    const [socket] = await asked;
    onTestFinished(() => void socket.destroy());
    status.child.kill('SIGTERM');
    expect(await status.ended).toEqual([null, 'SIGTERM']);
  });
});
