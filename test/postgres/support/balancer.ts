import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP load balancer on loopback: connections go to its targets in turn, past those that do not take them. */
export interface Balancer {
  readonly port: number;
  /** Loses every byte from now on, in both directions, and tells nobody: a cut wire. */
  cut(): void;
  /** Passes bytes on again; connections that lost some are ended. */
  mend(): void;
  close(): Promise<void>;
}

export interface BalancerOptions {
  /** Ports of loopback, asked for at each connection: those that are ready. */
  readonly targets: () => readonly number[];
  /** Is handed what comes from the targets of each connection. */
  readonly onOpen?: () => (bytes: Buffer) => void;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  lost: boolean;
}

/** Listens on a free port. */
export async function createBalancer({ targets, onOpen }: BalancerOptions): Promise<Balancer> {
  const links = new Set<Link>();
  let turn = 0;
  let isCut = false;

  function pass(client: Socket, [target, ...others]: readonly number[]): void {
    if (target === undefined) {
      client.destroy();
      return;
    }
    const { remoteAddress: localAddress = '127.0.0.1' } = client;
    const upstream = connect({ port: target, host: '127.0.0.1', localAddress });
    const next = () => pass(client, others);
    upstream.once('error', next);
    upstream.once('connect', () => {
      upstream.off('error', next);
      join(client, upstream);
    });
  }

  function join(client: Socket, upstream: Socket): void {
    const link: Link = { client, upstream, lost: false };
    links.add(link);
    const read = onOpen?.();
    upstream.on('data', (bytes: Buffer) => read?.(bytes));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes: Buffer) => {
        if (isCut) link.lost = true;
        else to.write(bytes);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        if (isCut) link.lost = true;
        else end(link);
      });
    }
  }

  function end(link: Link): void {
    links.delete(link);
    link.client.destroy();
    link.upstream.destroy();
  }

  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    // A cut wire answers nothing; the connection was taken by this end.
    if (isCut) links.add({ client, upstream: client, lost: true });
    else {
      const ready = targets();
      const first = turn++ % ready.length;
      pass(client, [...ready.slice(first), ...ready.slice(0, first)]);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => void (isCut = true),
    mend() {
      isCut = false;
      for (const link of [...links]) if (link.lost) end(link);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of [...links]) end(link);
      }),
  };
}
