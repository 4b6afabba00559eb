import type { AgentState, ConnectionOffer, InstanceUid } from '../../model/index.ts';
import type { Memory } from '../ports.ts';
import { createTenantMaps } from '../tenant-maps.ts';
import type { Validity } from './ports.ts';

/** The newest certificate of one agent; plain data, without any key. */
export interface HeldCertificate extends Validity {
  readonly uid: InstanceUid;
  readonly tenant: string;
  readonly fingerprint: string;
  /** Whether the agent asked for it: then it asks for the next one too. */
  readonly asked: boolean;
  /** Hash of the settings that it went out with, without and with it. */
  readonly baseHash: string;
  readonly offerHash: string;
}

/** Whose certificate is meant. */
export type Holder = Pick<AgentState, 'tenant' | 'uid'>;

/** Which certificates agents hold, and those on their way: what is on its way holds a private key and is never stored. */
export interface CertificateBook {
  of(holder: Holder): HeldCertificate | undefined;
  put(held: HeldCertificate): void;
  /** The offer that carries the newest certificate, until the agent has it. */
  underWay(holder: Holder): ConnectionOffer | undefined;
  setUnderWay(holder: Holder, offer: ConnectionOffer | undefined): void;
  /** Whether one is being made for this agent; notes that it is. */
  begin(holder: Holder): boolean;
  end(holder: Holder): void;
  forget(holder: Holder): void;
  /** Forgets the certificates that are over: their agents may never have come. */
  dropOver(now: number): void;
  recall(facts: ReadonlyMap<string, unknown>): void;
}

const prefix = 'certificate/';
/** Certificates remembered of one tenant. */
const maxHeld = 50_000;
/** Private keys of one tenant on their way at one time. */
const maxUnderWay = 2_000;

/** An empty book that keeps its entries in `memory`. */
export function createCertificateBook(memory: Pick<Memory, 'putFact' | 'deleteFact'>): CertificateBook {
  const erase = (tenant: string, uid: InstanceUid) => memory.deleteFact(`${prefix}${tenant}/${uid}`);
  const held = createTenantMaps<InstanceUid, HeldCertificate>(maxHeld, erase);
  const underWay = createTenantMaps<InstanceUid, ConnectionOffer>(maxUnderWay);
  const beingMade = new Set<string>();
  const keyOf = ({ tenant, uid }: Holder) => `${tenant}/${uid}`;
  return {
    of: ({ tenant, uid }) => held.get(tenant, uid),
    put(certificate) {
      held.set(certificate.tenant, certificate.uid, certificate);
      memory.putFact(`${prefix}${keyOf(certificate)}`, certificate);
    },
    underWay: ({ tenant, uid }) => underWay.get(tenant, uid),
    setUnderWay({ tenant, uid }, offer) {
      if (offer) underWay.set(tenant, uid, offer);
      else underWay.delete(tenant, uid);
    },
    begin(holder) {
      if (beingMade.has(keyOf(holder))) return false;
      beingMade.add(keyOf(holder));
      return true;
    },
    end: (holder) => void beingMade.delete(keyOf(holder)),
    forget({ tenant, uid }) {
      underWay.delete(tenant, uid);
      if (held.delete(tenant, uid)) erase(tenant, uid);
    },
    dropOver(now) {
      for (const [tenant, uid, { notAfter }] of [...held.entries()])
        if (notAfter <= now) {
          held.delete(tenant, uid);
          erase(tenant, uid);
        }
    },
    recall(facts) {
      for (const [key, value] of facts) {
        if (!key.startsWith(prefix)) continue;
        const certificate = value as HeldCertificate;
        held.set(certificate.tenant, certificate.uid, certificate);
      }
    },
  };
}
