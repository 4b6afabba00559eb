import { join } from 'node:path';
import { gitError } from '../git-errors.ts';
import type { Call, PushOutcome, RemoteRef, Transport } from '../transport.ts';
import { runGit } from './git-process.ts';
import { createSystemRepository } from './system-repository.ts';

const initMs = 30_000;
/** What git takes for "to the root". */
const wholeDepth = 0x7fffffff;
const lostRace =
  /\((?:fetch first|non-fast-forward|stale info)\)|cannot lock ref|failed to update ref|incorrect old value/i;
const refused = /\[remote rejected\]|\[rejected\]|hook declined|denied/i;

function parseListing(text: string): RemoteRef[] {
  const refs = new Map<string, RemoteRef>();
  for (const line of text.split('\n')) {
    const groups = /^(?<oid>[0-9a-f]{40,64})\t(?<name>\S+)$/.exec(line)?.groups;
    if (groups?.oid === undefined || groups.name === undefined) continue;
    const { oid, name } = groups;
    const tag = name.endsWith('^{}') ? refs.get(name.slice(0, -3)) : undefined;
    if (tag !== undefined) refs.set(tag.name, { ...tag, commit: oid });
    else refs.set(name, { name, oid, commit: oid });
  }
  return [...refs.values()];
}

async function push(
  url: string,
  what: { readonly dir: string; readonly ref: string; readonly next: string },
  call: Call,
): Promise<PushOutcome> {
  const args = [
    '--git-dir',
    what.dir,
    'push',
    '--porcelain',
    '--no-verify',
    '--',
    url,
    `${what.next}:${what.ref}`,
  ];
  const { exitCode, stdout, stderr } = await runGit({ args, ...call, remote: url, allowExit: [1] });
  if (exitCode === 0) return 'taken';
  const said = `${stdout.toString('utf8')}\n${stderr}`;
  if (lostRace.test(said)) return 'raced';
  const reason = /^!\t[^\t]*\t(?<reason>.*)$/m.exec(said)?.groups?.reason ?? stderr.slice(0, 200);
  if (!refused.test(said)) throw gitError('GIT_UNREACHABLE', `${url}: the push failed: ${reason}`);
  throw gitError('GIT_PUSH_REFUSED', `the host refuses the push: ${reason}`, { retryAfterMs: 3_600_000 });
}

/** Talks to a remote through the installed git: ssh, and whatever http needs of a proxy or a credential file. */
export function createSystemTransport(url: string): Transport {
  return {
    async listRefs(prefixes, call) {
      const patterns = prefixes.flatMap((prefix) =>
        prefix.endsWith('/') ? [`${prefix}*`] : [prefix, `${prefix}^{}`],
      );
      const { stdout } = await runGit({
        args: ['ls-remote', '--quiet', '--', url, ...patterns],
        ...call,
        remote: url,
      });
      return parseListing(stdout.toString('utf8'));
    },
    async init(dir) {
      const args = ['init', '--quiet', '--bare', '--initial-branch=main', dir];
      await runGit({ args, signal: AbortSignal.timeout(initMs) });
    },
    open: (dir) => createSystemRepository(join(dir), 40),
    async fetch({ dir, oid, shallow, whole }, call) {
      const depth = shallow ? ['--depth=1'] : whole ? [`--depth=${wholeDepth}`] : [];
      const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', ...depth];
      await runGit({ args: ['--git-dir', dir, 'fetch', ...options, '--', url, oid], ...call, remote: url });
    },
    push: (what, call) => push(url, what, call),
    close() {},
  };
}
