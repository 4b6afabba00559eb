import { once } from 'node:events';
import WebSocket from 'ws';
import type { AgentReport, ConfigHash } from '../../src/model/index.ts';
import {
  addMessageHeader,
  decodeServerToAgent,
  encodeAgentToServer,
  removeMessageHeader,
  type ServerMessage,
} from '../../src/opamp-server/index.ts';
import { reportOf } from './agents.ts';
import { eventually } from './eventually.ts';

/** A WebSocket client that sends exactly what a test tells it to. */
export interface RawAgent extends AsyncDisposable {
  /** Sends one report and resolves with the next message of the server. */
  send(report: Partial<AgentReport>): Promise<ServerMessage>;
  readonly received: readonly ServerMessage[];
  /** The hash of offer number `count`, from 1, once it has come. */
  offer(count: number): Promise<ConfigHash>;
  readonly closed: () => number | undefined;
  close(): Promise<void>;
}

/** Connects to the OpAMP endpoint; rejects with the HTTP status where the upgrade is refused. */
export async function connectRawAgent(opampUrl: string, token?: string): Promise<RawAgent> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(opampUrl.replace(/^http/, 'ws'), { headers, perMessageDeflate: false });
  const received: ServerMessage[] = [];
  let code: number | undefined;
  let wake: (() => void) | undefined;
  socket.on('message', (data: Buffer) => {
    received.push(decodeServerToAgent(removeMessageHeader(data) as Uint8Array));
    wake?.();
  });
  socket.on('close', (closeCode) => {
    code = closeCode;
    wake?.();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(`refused with ${response.statusCode}`)),
    );
    socket.once('error', reject);
  });
  const close = async () => {
    if (socket.readyState === WebSocket.CLOSED) return;
    const gone = once(socket, 'close');
    socket.close(1000);
    await gone;
  };
  return {
    async send(report) {
      const before = received.length;
      socket.send(addMessageHeader(encodeAgentToServer(reportOf(report))));
      while (received.length === before) {
        if (code !== undefined) throw new Error(`closed with ${code}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received[before] as ServerMessage;
    },
    received,
    offer: (count) =>
      eventually(() => configHashOf(received.filter(({ remoteConfig }) => remoteConfig)[count - 1])),
    closed: () => code,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function configHashOf(message: ServerMessage | undefined): ConfigHash | undefined {
  return message?.remoteConfig?.hash as ConfigHash | undefined;
}
