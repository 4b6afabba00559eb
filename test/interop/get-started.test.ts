import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { findFreePort, mainFile, startProcess } from '../support/cli-process.ts';
import { codeBlocks, readDoc } from '../support/docs.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';

const config = 'tenants/acme/collector/config.yaml';

/** What the page asks for between its commands, by how the block before begins. */
const edits: Readonly<Record<string, string>> = {
  'muster init': [
    'grep tokenSha256 ../token.err > ../line',
    'sed -i -e "s/^enrollment: .*/enrollment:/" -e "\\$r ../line" tenants/acme/tenant.yaml',
    'sed -i s/otelcol-contrib/otelcol-muster/ tenants/acme/collector.yaml',
    `sed -i 's/localhost:431[78]/localhost:0/' ${config}`,
  ].join('\n'),
  'muster serve': 'until muster agents list > /dev/null 2>&1; do sleep 0.2; done',
  'git log': `sed -i 's/batch: {}/batch: {timeout: 5s}/' ${config}`,
  'git commit -a': [
    `sed -i 's/logs: \\(.*\\)\\[debug\\]/logs: \\1[debgu]/' ${config}`,
    'muster validate && exit 9',
    `git checkout -q ${config}`,
    `sed -i 's/grpc: {endpoint: localhost:0}/grpc: {endpoint: 192.0.2.1:4317}/' ${config}`,
    'muster validate',
    'git commit -q -a -m "Listen elsewhere"',
    'muster status --watch --commit "$(git rev-parse HEAD)" && exit 9',
  ].join('\n'),
};

/** The page as somebody follows it, on ports that are free. */
function composeScript(http: string): string {
  const blocks = codeBlocks(readDoc('docs/get-started.md'), 'sh').map((block) => {
    const [, edit = ''] = Object.entries(edits).find(([start]) => block.startsWith(start)) ?? [];
    const typed = block
      .replace('127.0.0.1:8080', http)
      // The note follows the verdict by a moment.
      .replace(/^git log .*/, (line) => `until ${line} | grep -q observedAt; do sleep 0.2; done\n${line}`)
      .replace('--name hosts)', '--name hosts 2> token.err); mv token.err ..')
      .replace(
        'opampsupervisor',
        'sed -i "s/127.0.0.1:4320/$MUSTER_OPAMP/" ../supervisor.yaml\nopampsupervisor',
      );
    return `${typed}${edit}`;
  });
  const cleanUp = ["trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT", "trap 'exit 143' TERM"];
  return ['set -e', ...cleanUp, ...blocks].join('\n');
}

it('the commands of docs/get-started.md do what the page says, with a real supervisor and collector', async () => {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const { collector, supervisor } = inject('peers');
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'muster'), `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n`);
  chmodSync(join(bin, 'muster'), 0o755);
  symlinkSync(collector, join(bin, 'otelcol-contrib'));
  symlinkSync(supervisor, join(bin, 'opampsupervisor'));
  const http = `127.0.0.1:${await findFreePort()}`;
  const environment = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder.path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.test',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.test',
    MUSTER_OPAMP: `127.0.0.1:${await findFreePort()}`,
    MUSTER_HTTP: http,
    MUSTER_SERVER: `http://${http}`,
    MUSTER_POLL: '1s',
  };
  const typed = startProcess('bash', ['-c', composeScript(http)], { directory: folder.path, environment });
  onTestFinished(() => void typed.child.kill('SIGTERM'));
  const [code] = await typed.ended;
  const said = `${typed.out()}\n${typed.err()}`;
  expect(code, said).toBe(0);
  expect(said).toMatch(/First fleet +success: 1\/1 applied and healthy/);
  expect(said).toMatch(/Notes \(muster\):[\s\S]*"state": ?"success"/);
  expect(said).toMatch(/acme\/collector: 1 agent/);
  expect(said).toMatch(/Batch for five seconds +success/);
  expect(said).toMatch(/"debgu".*Did you mean "debug"/);
  expect(said).toMatch(/Listen elsewhere +failure: 1 failed: .* exit code 1/);
  expect(said).toMatch(/Revert "Listen elsewhere" +success: 1\/1 applied and healthy/);
});
