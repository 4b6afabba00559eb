import { parseYaml } from '../../manifests/index.ts';
import type { BlobId, ConfigNode, Position, Problem, TreeEntry } from '../../model/index.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import type { FactTable } from '../fact-table.ts';
import { repoProblem } from '../problem.ts';

/** The bytes of a blob, or undefined where the source does not have them. */
export type ReadBlob = (id: BlobId) => Uint8Array | undefined;

/** A YAML file as the parser sees it. */
export interface ParsedFile {
  readonly documents: readonly ConfigNode[];
  readonly problems: readonly Problem[];
}

/** What is to be known of a file's bytes before anybody parses them. */
export interface FileFacts {
  readonly size: number;
  /** Whether it is a Git LFS pointer. */
  readonly isPointer: boolean;
  /** Whether a line starts with a top-level `kind`, so that parsing the file is worth it. */
  readonly mentionsKind: boolean;
}

/** A file that may be read; its bytes are fetched when somebody asks. */
export interface ReadableFile {
  readonly entry: TreeEntry;
  readonly facts: FileFacts;
  bytes(): Uint8Array;
}

/** A file, or why it is not read. */
export type FileResult = { readonly file: ReadableFile } | { readonly problem: Problem };

/** What a reader keeps for others. */
export interface FileMemory {
  readonly files: FactTable<FileFacts>;
  readonly documents: FactTable<ParsedFile>;
}

/** Reads files of one revision; what was parsed once is kept for the next revision. */
export interface FileReader {
  /** The file, after the checks on type, size and Git LFS; a problem is placed at `at`. */
  read(entry: TreeEntry, at: Position): FileResult;
  parse(file: ReadableFile): ParsedFile;
}

const lfsHeader = 'version https://git-lfs.github.com/spec/';
const decoder = new TextDecoder('utf-8');

/** A reader whose caches are keyed by blob, so that unchanged files cost nothing in the next revision. */
export function createFileReader(
  readBlob: ReadBlob,
  limits: { readonly maxFileBytes: number },
  memory?: FileMemory,
): FileReader {
  const parsed = createBoundedCache<ParsedFile>(50_000);
  const facts = createBoundedCache<FileFacts | undefined>(400_000);
  const factsOf = (blob: BlobId) =>
    facts.get(
      blob,
      () => memory?.files.get(blob) ?? remember(memory?.files, blob, describeBytes(readBlob(blob))),
    );
  return {
    read(entry, at) {
      const fault = describeEntry(entry);
      if (fault !== undefined) return { problem: repoProblem('FR023', at, fault) };
      if ((entry.size ?? 0) > limits.maxFileBytes)
        return { problem: tooLarge(entry, at, entry.size ?? 0, limits) };
      const known = factsOf(entry.blob);
      if (!known)
        return { problem: repoProblem('FR020', at, `"${entry.path}" could not be read from the repo`) };
      if (known.size > limits.maxFileBytes) return { problem: tooLarge(entry, at, known.size, limits) };
      if (known.isPointer)
        return { problem: repoProblem('FR023', at, `"${entry.path}" is a Git LFS pointer, not the file`) };
      return { file: { entry, facts: known, bytes: () => readBlob(entry.blob) ?? new Uint8Array() } };
    },
    parse({ entry: { blob, path }, bytes }) {
      const key = `${blob} ${path}`;
      return parsed.get(
        key,
        () => memory?.documents.get(key) ?? remember(memory?.documents, key, parseYaml(bytes(), path)),
      );
    },
  };
}

function remember<Fact>(table: FactTable<Fact> | undefined, key: string, fact: Fact): Fact;
function remember<Fact>(
  table: FactTable<Fact> | undefined,
  key: string,
  fact: Fact | undefined,
): Fact | undefined;
function remember<Fact>(
  table: FactTable<Fact> | undefined,
  key: string,
  fact: Fact | undefined,
): Fact | undefined {
  if (fact !== undefined) table?.set(key, fact);
  return fact;
}

function describeBytes(bytes: Uint8Array | undefined): FileFacts | undefined {
  if (!bytes) return undefined;
  return { size: bytes.length, isPointer: isLfsPointer(bytes), mentionsKind: hasTopLevelKind(bytes) };
}

function describeEntry({ type, path }: TreeEntry): string | undefined {
  if (type === 'symlink') return `"${path}" is a symbolic link; links are not followed`;
  if (type === 'submodule') return `"${path}" is a submodule; submodules are not followed`;
  return undefined;
}

function tooLarge(
  entry: TreeEntry,
  at: Position,
  size: number,
  limits: { readonly maxFileBytes: number },
): Problem {
  return repoProblem(
    'FR024',
    at,
    `"${entry.path}" has ${size} bytes; at most ${limits.maxFileBytes} are read`,
  );
}

function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length < 1024 && decoder.decode(bytes.subarray(0, lfsHeader.length)) === lfsHeader;
}

// A cheap look that spares parsing thousands of bodies; a file that starts with a flow map is parsed to be sure.
function hasTopLevelKind(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes);
  const isFlowMap = text.trimStart().startsWith('{') && text.includes('kind');
  return isFlowMap || /^(?:\uFEFF)?(?:kind|"kind"|'kind')\s*:/m.test(text);
}
