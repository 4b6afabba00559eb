import type { ChildProcess } from 'node:child_process';
import { gitError } from '../git-errors.ts';
import { type GitObject, type GitObjectType, hashObject } from '../object-format.ts';
import { killGit, startGit } from './git-process.ts';

/** A running `git cat-file --batch`. */
export interface CatFile {
  /** The object, or undefined where the repository has none; damage rejects with GIT_CORRUPT. */
  read(oid: string): Promise<GitObject | undefined>;
  close(): void;
}

interface Waiting {
  readonly oid: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const header = /^(?<oid>[0-9a-f]{40,64}) (?<type>commit|tree|blob|tag) (?<size>\d+)$/;

/** Takes one whole answer off the front of `buffer`; undefined until it is complete. */
function takeAnswer(buffer: Buffer): { object: GitObject | undefined; rest: Buffer } | undefined {
  const end = buffer.indexOf(0x0a);
  if (end < 0) return undefined;
  const groups = header.exec(buffer.toString('latin1', 0, end))?.groups;
  if (groups === undefined) return { object: undefined, rest: buffer.subarray(end + 1) };
  const size = Number(groups.size);
  const stop = end + 1 + size;
  if (buffer.length < stop + 1) return undefined;
  const body = Buffer.from(buffer.subarray(end + 1, stop));
  return { object: { type: groups.type as GitObjectType, body }, rest: buffer.subarray(stop + 1) };
}

function settle(waiting: Waiting, object: GitObject | undefined): void {
  if (object !== undefined && hashObject(object, waiting.oid.length) !== waiting.oid) {
    waiting.reject(gitError('GIT_CORRUPT', `object ${waiting.oid} is damaged`));
  } else waiting.resolve(object);
}

/** Starts git on `gitDir`. Answers come in order; when the process ends, all that wait reject with GIT_CORRUPT. */
export function createCatFile(gitDir: string): CatFile {
  const child: ChildProcess = startGit({
    args: ['--git-dir', gitDir, 'cat-file', '--batch'],
    signal: new AbortController().signal,
  });
  const waiting: Waiting[] = [];
  let chunks: Uint8Array[] = [];
  let needed = 0;
  let ended = false;
  child.unref();

  function receive(chunk: Buffer): void {
    chunks.push(chunk);
    needed -= chunk.length;
    if (needed > 0) return;
    let buffer: Buffer = Buffer.concat(chunks);
    for (let answer = takeAnswer(buffer); answer !== undefined; answer = takeAnswer(buffer)) {
      buffer = answer.rest;
      const first = waiting.shift();
      if (first !== undefined) settle(first, answer.object);
    }
    chunks = [buffer];
    // A large body is joined once, not at every chunk.
    const size = /^[0-9a-f]+ \w+ (?<size>\d+)\n/.exec(buffer.toString('latin1', 0, 100))?.groups?.size;
    needed = size === undefined ? 0 : Number(size) - buffer.length;
  }
  function end(): void {
    ended = true;
    for (const { oid, reject } of waiting.splice(0)) {
      reject(gitError('GIT_CORRUPT', `git ended while reading ${oid}`));
    }
  }
  child.stdout?.on('data', receive);
  child.stdin?.on('error', end);
  child.stderr?.resume();
  child.on('error', end);
  child.on('close', end);
  return {
    read: (oid) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(gitError('GIT_CORRUPT', `git ended before reading ${oid}`));
        waiting.push({ oid, resolve, reject });
        child.stdin?.write(`${oid}\n`);
      }),
    close() {
      ended = true;
      killGit(child);
    },
  };
}
