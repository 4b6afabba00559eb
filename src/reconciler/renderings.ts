import {
  type Assigned,
  type CommitSha,
  type ConfigHash,
  createLruMap,
  type RenderedConfig,
  type RenderResult,
} from '../model/index.ts';

/** What is known of rendered configs: results by render key, one shared object per hash, and every hash ever offered. */
export interface Renderings {
  /** The result for a key; undefined while it has not been made. */
  get(renderKey: string): RenderResult | undefined;
  put(renderKey: string, result: RenderResult): void;
  byHash(hash: string): RenderedConfig | undefined;
  /** Remembers a hash of an earlier run, so that its agents are told from strangers. */
  remember(hash: ConfigHash): void;
  /** Takes a hash for ours that an agent of ours reports; of many, only the first count. */
  adopt(hash: string): void;
  /** Whether it is known that we made it, in this run or in one that the store remembers. */
  isOurs(hash: string): boolean;
  /** Whether it is ours, or was taken for ours. */
  passesForOurs(hash: string): boolean;
  /** Notes that an agent has settled well on a hash. */
  prove(hash: string): void;
  /** Whether one ever did: such bytes are safe for an agent that runs none of ours. */
  isProven(hash: string): boolean;
  /** Notes that a rendering is wanted; `wanted` returns and forgets what was. */
  want(tenant: string, assigned: Assigned, inputsHash: string, revision?: CommitSha): void;
  takeWanted(): readonly WantedRendering[];
  /** Forgets results that no agent uses. */
  retain(renderKeys: ReadonlySet<string>): void;
  readonly size: number;
}

export interface WantedRendering {
  readonly tenant: string;
  readonly assigned: Assigned;
  /** `inputsHash` of the AgentConfig when it was wanted. */
  readonly inputsHash: string;
  /** The revision to render from; absent for the one in force. */
  readonly revision?: CommitSha;
}

const maxRemembered = 10_000;
/** Agents could name any number: what is known to be ours must not go for it. */
const maxAdopted = 1_000;

/** An empty cache of renderings. */
export function createRenderings(): Renderings {
  const results = new Map<string, RenderResult>();
  const shared = new Map<string, RenderedConfig>();
  const ours = createLruMap<string, true>(maxRemembered);
  const adopted = new Set<string>();
  const wanted = new Map<string, WantedRendering>();
  const proven = createLruMap<string, true>(maxRemembered);

  const remember = (hash: string) => ours.set(hash, true);
  return {
    get: (renderKey) => results.get(renderKey),
    put(renderKey, result) {
      wanted.delete(renderKey);
      if (result.kind === 'held') {
        results.set(renderKey, result);
        return;
      }
      const { hash } = result.config;
      const config = shared.get(hash) ?? result.config;
      shared.set(hash, config);
      remember(hash);
      results.set(renderKey, config === result.config ? result : { kind: 'rendered', config });
    },
    byHash: (hash) => shared.get(hash),
    remember,
    adopt(hash) {
      if (adopted.size < maxAdopted) adopted.add(hash);
    },
    isOurs: (hash) => ours.has(hash),
    passesForOurs: (hash) => ours.has(hash) || adopted.has(hash),
    prove(hash) {
      if (!proven.has(hash)) proven.set(hash, true);
    },
    isProven: (hash) => proven.has(hash),
    want(tenant, assigned, inputsHash, revision) {
      if (results.has(assigned.renderKey)) return;
      wanted.set(assigned.renderKey, { tenant, assigned, inputsHash, ...(revision && { revision }) });
    },
    takeWanted() {
      const all = [...wanted.values()];
      wanted.clear();
      return all;
    },
    retain(renderKeys) {
      for (const key of results.keys()) if (!renderKeys.has(key)) results.delete(key);
      const used = new Set(
        [...results.values()].flatMap((result) => (result.kind === 'rendered' ? [result.config.hash] : [])),
      );
      for (const hash of shared.keys()) if (!used.has(hash as ConfigHash)) shared.delete(hash);
    },
    get size() {
      return results.size;
    },
  };
}
