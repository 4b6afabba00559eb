import type { Duplex } from 'node:stream';
import type { Clock } from '../../runtime/index.ts';
import type { Caller } from '../describe-caller.ts';
import type { PollAnswer } from '../polls.ts';
import type { Session } from '../ports.ts';
import type { Refusal } from '../refusal.ts';
import { frameRoom, frameType, fromJson, linkProtocol, toJson } from './frames.ts';
import { createLink } from './link.ts';
import { type Ask, packCaller, type RelayVerdict, type Resume, type Welcome } from './messages.ts';
import { createTailReceiver } from './shared-bytes.ts';

/** What the server wants done with a connection. */
export type Order =
  | { readonly kind: 'write'; readonly parts: readonly Uint8Array[] }
  | { readonly kind: 'ping'; readonly mark: Buffer }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'read' }
  | { readonly kind: 'terminate' };

/** A relay's end of its link to the server. */
export interface Line {
  ask(id: number, transport: Session['transport'], caller: Caller): Promise<RelayVerdict>;
  resume(id: number, caller: Caller, heads: readonly Uint8Array[]): Promise<RelayVerdict>;
  /** The answer to an admitted poll. */
  poll(id: number, body: Uint8Array): Promise<PollAnswer | Refusal>;
  send(type: number, id: number, payload?: Uint8Array): void;
  backlog(): number;
  onceDrained(listener: () => void): void;
  close(): void;
}

export interface LineDeps {
  readonly clock: Clock;
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onOrder: (id: number, order: Order) => void;
  /** Once; whoever waits for an answer has been told that there is none. */
  readonly onClosed: (reason: string) => void;
}

/** The lease of a leader that died is over by then. */
const maxSilentBeats = 3;

/** Greets the server at the other end of a stream, and carries what is said both ways. */
export function createLine(stream: Duplex, maxMessageBytes: number, deps: LineDeps): Line {
  const verdicts = new Map<number, (verdict: RelayVerdict) => void>();
  const answers = new Map<number, (answer: PollAnswer | Refusal) => void>();
  const tails = createTailReceiver();
  let refusal = '';
  let closed = false;

  function onFrame(type: number, id: number, payload: Buffer): void {
    switch (type) {
      case frameType.welcome:
        deps.onWelcome(fromJson(payload));
        break;
      case frameType.refused:
        refusal = `the other end speaks protocol ${fromJson<Welcome>(payload).protocol}, this one ${linkProtocol}`;
        link.close();
        break;
      case frameType.verdict:
        take(verdicts, id, fromJson(payload));
        break;
      case frameType.answer:
        take(answers, id, { status: payload.readUInt16BE(0) as 200 | 400, body: payload.subarray(2) });
        break;
      case frameType.turnedAway:
        take(answers, id, fromJson(payload));
        break;
      case frameType.share:
        tails.share(id, payload);
        break;
      case frameType.forget:
        tails.forget(id);
        break;
      default: {
        const order = toOrder(type, payload, tails.compose);
        if (order) deps.onOrder(id, order);
      }
    }
  }

  function onClosed(reason: string): void {
    closed = true;
    for (const id of verdicts.keys()) take(verdicts, id, { kind: 'refused', ...alone });
    for (const id of answers.keys()) take(answers, id, alone);
    deps.onClosed(refusal || reason);
  }

  const link = createLink(
    stream,
    { clock: deps.clock, onFrame, onClosed },
    { maxFrameBytes: maxMessageBytes + frameRoom, maxSilentBeats },
  );
  const askFor = (type: number, id: number, message: Ask | Resume): Promise<RelayVerdict> =>
    new Promise((resolve) => {
      if (closed) return resolve({ kind: 'refused', ...alone });
      verdicts.set(id, resolve);
      link.send(type, id, toJson({ ...message, caller: packCaller(message.caller) }));
    });
  link.send(frameType.hello, 0, toJson({ protocol: linkProtocol }));
  return {
    ask: (id, transport, caller) => askFor(frameType.ask, id, { transport, caller }),
    resume: (id, caller, heads) =>
      askFor(frameType.resume, id, {
        caller,
        heads: heads.map((head) => Buffer.from(head).toString('base64')),
      }),
    poll: (id, body) =>
      new Promise((resolve) => {
        // A body may take longer to come than the link lasts.
        if (closed) return resolve(alone);
        answers.set(id, resolve);
        link.send(frameType.poll, id, body);
      }),
    send: (type, id, payload = nothing) => link.send(type, id, payload),
    backlog: link.backlog,
    onceDrained: link.onceDrained,
    close: link.close,
  };
}

/** What callers are told while no server is linked. */
export const alone: Refusal = {
  status: 503,
  reason: 'no server decides at the moment',
  retryAfterSeconds: 5,
};

const nothing = new Uint8Array();

function take<T>(waiting: Map<number, (value: T) => void>, id: number, value: T): void {
  const resolve = waiting.get(id);
  waiting.delete(id);
  resolve?.(value);
}

function toOrder(
  type: number,
  payload: Buffer,
  compose: (payload: Buffer) => readonly Uint8Array[] | undefined,
): Order | undefined {
  switch (type) {
    case frameType.write:
      return { kind: 'write', parts: [payload] };
    case frameType.compose: {
      const parts = compose(payload);
      // A frame that cannot be made leaves a gap that the agent would not notice.
      return parts ? { kind: 'write', parts } : { kind: 'terminate' };
    }
    case frameType.ping:
      return { kind: 'ping', mark: payload };
    case frameType.close:
      return { kind: 'close', ...fromJson<{ code: number; reason: string }>(payload) };
    case frameType.pause:
      return { kind: 'pause' };
    case frameType.read:
      return { kind: 'read' };
    case frameType.terminate:
      return { kind: 'terminate' };
    default:
      return undefined;
  }
}
