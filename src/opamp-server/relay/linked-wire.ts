import type { Wire } from '../wire.ts';
import { frameType, toJson } from './frames.ts';
import type { Link } from './link.ts';
import type { TailSender } from './shared-bytes.ts';

/** The wire of a socket that a relay holds. A class, as for those of this process. */
export class LinkedWire implements Wire {
  private readonly link: Link;
  private readonly tails: TailSender;
  private readonly id: number;
  private open = true;
  private waiting = 0;
  private drained: (() => void)[] = [];

  constructor(link: Link, tails: TailSender, id: number) {
    this.link = link;
    this.tails = tails;
    this.id = id;
  }

  /** The relay said how much waits in the socket. */
  noteBacklog(bytes: number): void {
    this.waiting = bytes;
    if (bytes > 0) return;
    const listeners = this.drained;
    this.drained = [];
    for (const listener of listeners) listener();
  }

  /** The connection is gone. */
  end(): void {
    this.open = false;
  }

  isOpen(): boolean {
    return this.open;
  }

  write(head: Uint8Array, tails: readonly Uint8Array[]): void {
    if (this.open) this.tails.send(this.id, head, tails);
  }

  backlog(): number {
    return this.waiting;
  }

  onceDrained(listener: () => void): void {
    this.drained.push(listener);
  }

  ping(mark: string): void {
    if (this.open) this.link.send(frameType.ping, this.id, Buffer.from(mark, 'latin1'));
  }

  pause(): void {
    this.link.send(frameType.pause, this.id);
  }

  resume(): void {
    this.link.send(frameType.read, this.id);
  }

  close(code: number, reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.link.send(frameType.close, this.id, toJson({ code, reason }));
  }

  terminate(): void {
    this.open = false;
    this.link.send(frameType.terminate, this.id);
  }
}
