import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findFreePort, mainFile, startProcess } from '../support/cli-process.ts';
import { codeBlocks, readDoc } from '../support/docs.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';

/** The commands of "Your first own config", as somebody types them; a simulated agent stands in for the collector. */
function composeScript(): string {
  const [, section = ''] = readDoc('README.md').split('## Your first own config');
  const [block = ''] = codeBlocks(section, 'sh');
  const lines = block.replace(/\\\n\s*/g, '').split('\n');
  const typed = lines.map((line) => {
    if (line.startsWith('opampsupervisor ')) {
      return 'muster simulate --server "ws://$MUSTER_OPAMP/v1/opamp" --agents 1 --ramp 0 --poll-seconds 1 &';
    }
    // What follows a server that has only just been started is read until it is there.
    if (line.startsWith('muster status')) return 'until muster status; do sleep 0.2; done';
    if (line.startsWith('git log'))
      return `until ${line.replace(/#.*/, '')} | grep -q observedAt; do sleep 0.2; done\n${line}`;
    return line;
  });
  // Whatever happens, the server and the agent end with the script.
  const cleanUp = ["trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT", "trap 'exit 143' TERM"];
  return ['set -e', ...cleanUp, ...typed, 'cat ../supervisor.yaml'].join('\n');
}

it('the commands of the README bring a first config to an agent, with the proof on the commit', async () => {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'muster'), `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n`);
  writeFileSync(join(bin, 'otelcol-contrib'), '#!/bin/sh\n');
  for (const name of ['muster', 'otelcol-contrib']) chmodSync(join(bin, name), 0o755);
  const http = await findFreePort();
  const opamp = await findFreePort();
  const environment = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder.path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.test',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.test',
    MUSTER_OPAMP: `127.0.0.1:${opamp}`,
    MUSTER_HTTP: `127.0.0.1:${http}`,
    MUSTER_SERVER: `http://127.0.0.1:${http}`,
    MUSTER_POLL: '1s',
  };
  const typed = startProcess('bash', ['-c', composeScript()], { directory: folder.path, environment });
  onTestFinished(() => void typed.child.kill('SIGTERM'));
  const [code] = await typed.ended;
  expect(typed.err()).not.toContain('command not found');
  expect([code, typed.err()]).toEqual([0, expect.any(String)]);
  expect(typed.out()).toMatch(/muster\/fleet +success +1\/1 applied and healthy/);
  expect(typed.out()).toMatch(/Notes \(muster\):[\s\S]*"state": ?"success"/);
  expect(typed.out()).toContain(`executable: ${join(bin, 'otelcol-contrib')}`);
});
