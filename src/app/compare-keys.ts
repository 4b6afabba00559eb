import type { FleetEvent } from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';

/** What tells a process's keys from another's; neither gives the key away. */
export interface KeyPrints {
  /** Derived from the server key. */
  readonly serverKey: string;
  /** SHA-256 of every authority whose certificates are accepted, the one that signs first. */
  readonly authorities: readonly string[];
}

export interface CompareKeysDeps {
  /** What an earlier run, or another replica that led, has left. */
  readonly facts: ReadonlyMap<string, unknown>;
  readonly putFact: (key: string, value: unknown) => void;
  readonly appendEvent: (event: FleetEvent) => void;
  readonly logger: Logger;
  readonly now: number;
}

const keysFact = 'keys';

/** Says loudly where this process has other keys than the one that served this store before, and keeps its own prints. */
export function compareKeys(own: KeyPrints, deps: CompareKeysDeps): void {
  const before = deps.facts.get(keysFact) as KeyPrints | undefined;
  for (const message of before ? differences(before, own) : []) {
    deps.logger.warn({}, message);
    deps.appendEvent({ at: deps.now, kind: 'keys', message });
  }
  if (JSON.stringify(before) !== JSON.stringify(own)) deps.putFact(keysFact, own);
}

function differences(before: KeyPrints, own: KeyPrints): readonly string[] {
  const found: string[] = [];
  if (before.serverKey !== own.serverKey)
    found.push('another server key than before: connection settings go out once more; set MUSTER_SERVER_KEY');
  const [signer] = before.authorities;
  if (signer !== undefined && !own.authorities.includes(signer))
    found.push(
      'another certificate authority than before: what it signed is refused; set ca.* on every replica',
    );
  return found;
}
