/** The content of a package, ready to be read. */
export interface PackageContent {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` up to, but without, `end`; fails where the file changed since it was opened. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Where packages are kept; undefined where there is none with this content. */
export interface PackageFiles {
  /** `sha256` is lower-case hex. */
  open(sha256: string): Promise<PackageContent | undefined>;
}
