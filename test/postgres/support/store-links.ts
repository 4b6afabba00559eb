import { execFileSync } from 'node:child_process';
import { createBalancer } from './balancer.ts';
import type { PostgresCluster, ServerPlace } from './postgres-cluster.ts';

/** The way from one replica to the database. */
export interface StoreLink {
  /** The same database by this way. */
  urlOf(url: string): string;
  /** Loses everything in both directions from now on, and tells nobody. */
  cut(): void;
  mend(): void;
}

/** A network namespace for a server: it is reached over as many cables as there are links, and one more that stays. */
export interface ServerNamespace {
  readonly place: ServerPlace;
  readonly links: readonly StoreLink[];
  remove(): void;
}

/**
 * Makes a namespace with `count` links; undefined where this process may not. A cut is a cable that is pulled: what was
 * under way comes late when it is mended.
 */
export function createServerNamespace(count: number): ServerNamespace | undefined {
  const name = `muster-${process.pid}`;
  const end = (index: number, side: 'a' | 'b') => `mu${process.pid}${side}${index}`;
  const addressOf = (index: number, host: 1 | 2) =>
    `10.${64 + ((process.pid >> 6) & 63)}.${(process.pid & 63) * 4 + index}.${host}`;
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'ignore' });
  const inside = (...args: string[]) => ip('-n', name, ...args);
  const remove = () => ip('netns', 'delete', name);
  try {
    ip('netns', 'add', name);
  } catch {
    return undefined;
  }
  try {
    inside('link', 'set', 'lo', 'up');
    for (let index = 0; index <= count; index += 1) {
      ip('link', 'add', end(index, 'a'), 'type', 'veth', 'peer', 'name', end(index, 'b'), 'netns', name);
      ip('address', 'add', `${addressOf(index, 1)}/24`, 'dev', end(index, 'a'));
      inside('address', 'add', `${addressOf(index, 2)}/24`, 'dev', end(index, 'b'));
      ip('link', 'set', end(index, 'a'), 'up');
      inside('link', 'set', end(index, 'b'), 'up');
    }
  } catch {
    remove();
    return undefined;
  }
  return {
    place: { command: ['ip', 'netns', 'exec', name], host: addressOf(0, 2) },
    links: Array.from({ length: count }, (_, index) => ({
      urlOf(url) {
        const own = new URL(url);
        own.hostname = addressOf(index + 1, 2);
        return own.href;
      },
      cut: () => inside('link', 'set', end(index + 1, 'b'), 'down'),
      mend: () => inside('link', 'set', end(index + 1, 'b'), 'up'),
    })),
    remove,
  };
}

/** Links through proxies, where there may be no namespace: a cut one takes connections and drops every byte. */
export async function createProxyLinks(
  cluster: PostgresCluster,
  count: number,
): Promise<{ readonly links: readonly StoreLink[]; close(): Promise<unknown> }> {
  const wires = await Promise.all(
    Array.from({ length: count }, () => createBalancer({ targets: () => [cluster.port] })),
  );
  return {
    links: wires.map((wire) => ({
      urlOf(url) {
        const own = new URL(url);
        own.port = String(wire.port);
        return own.href;
      },
      cut: wire.cut,
      mend: wire.mend,
    })),
    close: () => Promise.all(wires.map((wire) => wire.close())),
  };
}
