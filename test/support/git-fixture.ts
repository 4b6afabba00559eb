import { join } from 'node:path';
import { createGitSource, type GitSource, type GitSourceOptions } from '../../src/git-source/index.ts';
import type { RepoContent } from '../../src/model/index.ts';
import { createSystemClock, type Logger } from '../../src/runtime/index.ts';
import { type GitHttpServer, type GitHttpServerOptions, startGitHttpServer } from './git-http-server.ts';
import { makeRepo, makeTemporaryDir, type TestRepo } from './git-repo.ts';

/** A bare repository behind a real HTTP server, a work tree to commit to it, and sources that read it. */
export interface GitFixture extends AsyncDisposable {
  readonly root: string;
  readonly repo: TestRepo;
  readonly bare: string;
  readonly server: GitHttpServer;
  readonly cacheDir: string;
  /** Every line that sources logged. */
  readonly logged: string[];
  /** A source over the bare repository by HTTP, in this thread; closed with the fixture. */
  open(options?: Partial<GitSourceOptions>): GitSource;
}

/** A logger that keeps what it is told. */
export function createRecordingLogger(lines: string[]): Logger {
  const record = (fields: object, message: string): void => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  const logger: Logger = { debug: record, info: record, warn: record, error: record, child: () => logger };
  return logger;
}

/** Text of a file in what a source gave, where it gave it. */
export function textOf(content: RepoContent, path: string): string | undefined {
  const entry = content.entries.find((candidate) => candidate.path === path);
  const bytes = entry === undefined ? undefined : content.blobs.get(entry.blob);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** Makes the fixture with one commit that holds `a.yaml`. */
export async function makeGitFixture(options: Omit<GitHttpServerOptions, 'root'> = {}): Promise<GitFixture> {
  const temporary = makeTemporaryDir();
  const root = temporary.path;
  const bare = join(root, 'fleet.git');
  const repo = makeRepo(join(root, 'work'), bare);
  const server = await startGitHttpServer({ root, ...options });
  const sources: GitSource[] = [];
  const logged: string[] = [];
  const cacheDir = join(root, 'cache');
  repo.commit({ 'a.yaml': 'a: 1\n' });
  return {
    root,
    repo,
    bare,
    server,
    cacheDir,
    logged,
    open(changes = {}) {
      const defaults = { repo: `${server.origin}/fleet.git`, ref: 'main', path: '.', cacheDir };
      const source = createGitSource(
        { ...defaults, timeoutMs: 10_000, worker: false, ...changes },
        { clock: createSystemClock(), logger: createRecordingLogger(logged) },
      );
      sources.push(source);
      return source;
    },
    async [Symbol.asyncDispose]() {
      for (const source of sources) await source.close();
      await server.close();
      temporary.remove();
    },
  };
}
