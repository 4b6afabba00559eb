import { Duplex } from 'node:stream';

/** One end of a pair: what is written to it is read from the other. */
class PairedStream extends Duplex {
  other: PairedStream | undefined;
  private wanted: (() => void) | undefined;

  override _read(): void {
    const written = this.wanted;
    this.wanted = undefined;
    written?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, written: () => void): void {
    if (this.other?.accept(chunk, written) !== true) written();
  }

  override _final(ended: () => void): void {
    this.other?.push(null);
    ended();
  }

  override _destroy(error: Error | null, destroyed: (error?: Error | null) => void): void {
    const { other } = this;
    this.other = undefined;
    // After what is under way here, as the closing of a socket would be noticed.
    if (other) setImmediate(() => other.destroy());
    destroyed(error);
  }

  /** Whether `written` waits until there is room again. */
  accept(chunk: Buffer, written: () => void): boolean {
    if (this.push(chunk)) return false;
    this.wanted = written;
    return true;
  }
}

/** Two streams, each of which reads what is written to the other, in this process and without copying. */
export function createStreamPair(): [Duplex, Duplex] {
  const [one, two] = [new PairedStream(), new PairedStream()];
  one.other = two;
  two.other = one;
  return [one, two];
}
