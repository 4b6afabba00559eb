import type { Caller } from '../describe-caller.ts';
import type { Session } from '../ports.ts';
import type { Refusal } from '../refusal.ts';

/** A relay's first words. */
export interface Hello {
  readonly protocol: number;
}

/** The server's first words, said again when they change. */
export interface Welcome extends Hello {
  /** Authorities, in PEM, of client certificates that the relay's listener is to take. */
  readonly clientCas: readonly string[];
}

/** A caller before its upgrade, or before its body is read. */
export interface Ask {
  readonly transport: Session['transport'];
  readonly caller: Caller;
}

/** A connection that the relay holds already, with a heartbeat of each of its agents that has its last number, in base64. */
export interface Resume {
  readonly caller: Caller;
  readonly heads: readonly string[];
}

/** Whether a caller may go on. */
export type RelayVerdict =
  | { readonly kind: 'accepted'; readonly tenant: string }
  | ({ readonly kind: 'refused' } & Refusal);

/** A caller as JSON: the bytes of its certificate in base64. */
export function packCaller(caller: Caller): unknown {
  const { clientCertificate: certificate, ...admission } = caller.admission;
  if (!certificate) return caller;
  const der = Buffer.from(certificate.der).toString('base64');
  return { ...caller, admission: { ...admission, clientCertificate: { ...certificate, der } } };
}

/** The caller that was packed. */
export function unpackCaller(packed: Caller): Caller {
  const { clientCertificate: certificate } = packed.admission;
  if (!certificate) return packed;
  const der = Buffer.from(certificate.der as unknown as string, 'base64');
  return { ...packed, admission: { ...packed.admission, clientCertificate: { ...certificate, der } } };
}
