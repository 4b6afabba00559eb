import { eventually } from '../../support/eventually.ts';
import { type ForeignProcess, startProcess } from './foreign-process.ts';
import type { GoPeers } from './go-peers.ts';

/** What the Go client tells, one line of its output. */
export interface GoEvent {
  readonly event: string;
  readonly hash?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly telemetry?: Readonly<Record<string, string>>;
  readonly endpoint?: string;
  readonly heartbeat?: number;
  readonly headers?: readonly string[];
  readonly certificate?: boolean;
  readonly privateKey?: boolean;
  readonly name?: string;
  readonly version?: string;
}

/** The agent made of the public Go client. */
export interface GoAgent extends AsyncDisposable {
  events(name: string): GoEvent[];
  /** Event number `count`, from 1, once it has come. */
  event(name: string, count?: number): Promise<GoEvent>;
  tell(order: object): void;
  stop(): Promise<void>;
}

const patienceMs = 30_000;

/** Starts it as the agent `uid`, and resolves with its first line of output. */
export async function startGoAgent(
  peers: GoPeers,
  { url, token, uid }: { readonly url: string; readonly token: string; readonly uid: string },
  ...flags: readonly string[]
): Promise<GoAgent> {
  const args = ['-url', url, '-token', token, '-uid', uid, ...flags];
  const child: ForeignProcess = startProcess(peers.opampClient, args);
  const parsed = () =>
    child.output.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as GoEvent);
  const events = (name: string) => parsed().filter(({ event }) => event === name);
  await eventually(() => parsed().length > 0 || Promise.reject(new Error(child.output.join('\n'))));
  return {
    events,
    event: (name, count = 1) =>
      eventually(
        () => events(name)[count - 1] ?? Promise.reject(new Error(child.output.join('\n'))),
        patienceMs,
      ),
    tell: (order) => child.write(JSON.stringify(order)),
    stop: () => child.stop(),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}
