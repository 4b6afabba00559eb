import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MusterError } from '../../model/index.ts';
import type { RandomBytes } from '../enrollment-token.ts';

/** Where the authority's certificate and key are; `dir` makes them on first use. */
export type AuthoritySource =
  | { readonly kind: 'dir'; readonly dir: string }
  | { readonly kind: 'given'; readonly certFile: string; readonly keyPem: string };

/** PEM texts; further blocks in them do not count. */
export interface AuthorityPem {
  readonly certPem: string;
  readonly keyPem: string;
}

const fileName = 'authority.pem';

/** Reads the authority; where its folder holds none yet, stores what `create` makes. Throws `CA_FILES`. */
export async function readAuthority(
  source: AuthoritySource,
  create: () => Promise<AuthorityPem>,
  random: RandomBytes,
): Promise<AuthorityPem> {
  switch (source.kind) {
    case 'given':
      return { certPem: await readPem(source.certFile), keyPem: source.keyPem };
    case 'dir':
      return readOrCreate(source.dir, create, random);
  }
}

/** A PEM file's text. Throws `CA_FILES`. */
export async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(path, cause);
  });
}

/** Certificate and key are one file, which appears whole or not at all: of two who start at once, one makes it. */
async function readOrCreate(
  dir: string,
  create: () => Promise<AuthorityPem>,
  random: RandomBytes,
): Promise<AuthorityPem> {
  const path = join(dir, fileName);
  try {
    const text = (await readIfThere(path)) ?? (await storeFirst(path, dir, create, random));
    return { certPem: text, keyPem: text };
  } catch (cause) {
    throw cause instanceof MusterError ? cause : unusable(path, cause);
  }
}

async function storeFirst(
  path: string,
  dir: string,
  create: () => Promise<AuthorityPem>,
  random: RandomBytes,
): Promise<string> {
  const { certPem, keyPem } = await create();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${Buffer.from(random(8)).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${certPem.trim()}\n${keyPem.trim()}\n`);
    await file.sync();
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(draft, path).catch(ignoreIf('EEXIST'));
  } finally {
    await file.close();
    await unlink(draft);
  }
  return readFile(path, 'utf8');
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ignoreIf('ENOENT'));
}

function ignoreIf(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
    throw error;
  };
}

function unusable(path: string, cause: unknown): MusterError {
  return new MusterError('CA_FILES', `the certificate authority's file ${path} cannot be used`, {
    disposition: 'stalled',
    hint: 'Check that it exists and who may read it; a folder for a new authority must be writable.',
    cause,
  });
}
