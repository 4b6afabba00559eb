import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommand } from '../support/console.ts';
import { codeBlocks, codeSpans, listDocs, readDoc } from '../support/docs.ts';
import { fleetReposOf } from '../support/fleet-pages.ts';
import { git, makeTemporaryDir } from '../support/git-repo.ts';
import { findCalls } from '../support/shell-commands.ts';

const pages = ['README.md', ...listDocs()];

interface Call {
  readonly page: string;
  readonly line: string;
  readonly args: readonly string[];
}

const calls: readonly Call[] = pages.flatMap((page) =>
  codeBlocks(readDoc(page), 'sh')
    .flatMap((block) => findCalls(block, 'muster'))
    .map((args) => ({ page, line: args.join(' '), args })),
);
const mentions: readonly Call[] = pages.flatMap((page) =>
  codeSpans(readDoc(page))
    .filter((span) => /^muster [a-z]/.test(span))
    .flatMap((span) => findCalls(span.replace(/<([^<>]+)>/g, '$1'), 'muster'))
    .map((args) => ({ page, line: args.join(' '), args })),
);
const offline = new Set(['validate', 'render', 'why', 'token', 'supervisor-config', 'ocb', 'init', 'plan']);

/** What needs neither a server nor what the shell would fill in. */
function isOffline({ args }: Call): boolean {
  return offline.has(args[0] ?? '') && !args.some((arg) => /^--(?:server|inventory|head)$|\$/.test(arg));
}

function parseOnly(): void {
  const action = Command.prototype.action;
  vi.spyOn(Command.prototype, 'action').mockImplementation(function (this: Command) {
    return action.call(this, () => undefined);
  });
}

function makeFolder(): string {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  return folder.path;
}

function unpack(page: string): string {
  const folder = makeFolder();
  for (const [path, text] of Object.entries(fleetReposOf(readDoc(page)).at(-1) ?? {})) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--allow-empty', '--message=docs']);
  return folder;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('commands in docs', () => {
  it('are found', () => {
    expect(calls.length).toBeGreaterThan(40);
    expect(mentions.length).toBeGreaterThan(40);
  });

  it.each(calls)('$page: muster $line: is one', async ({ args }) => {
    parseOnly();
    expect(await runCommand(args)).toMatchObject({ err: '', exit: 0 });
  });

  it.each(mentions)('$page mentions muster $line: a command with these options', async ({ args }) => {
    parseOnly();
    const { err } = await runCommand(args);
    expect(
      err.replace(
        /^muster: (?:missing required argument|required option) .*\n$|^muster: option '.*' argument missing\n$/,
        '',
      ),
    ).not.toMatch(/^muster: /);
  });

  const tried = [...new Set(calls.filter(isOffline).map(({ page }) => page))].filter(
    (page) => page !== 'README.md',
  );
  it.each(tried)('%s: what needs no server runs on the repo that the page shows', async (page) => {
    const directory = unpack(page);
    for (const { args, line } of calls.filter((call) => call.page === page && isOffline(call))) {
      const said = await runCommand(args, { directory: args[0] === 'init' ? makeFolder() : directory });
      // That an agent gets nothing is an answer, too.
      const isFine = said.exit === 0 || (args[0] === 'why' && said.exit === 1);
      expect([line, isFine ? '' : said.err + said.out]).toEqual([line, '']);
    }
  });
});
