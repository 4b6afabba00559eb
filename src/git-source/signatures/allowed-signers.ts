/** Who may sign: one line of an `allowed_signers` file (ssh-keygen(1), "ALLOWED SIGNERS"). */
export interface AllowedSigner {
  readonly principals: string;
  /** Base64. */
  readonly publicKey: string;
  /** Patterns; empty allows every namespace. */
  readonly namespaces: readonly string[];
  /** Milliseconds since the epoch. */
  readonly validAfter?: number;
  readonly validBefore?: number;
}

const line =
  /^(?<principals>"[^"]*"|\S+)\s+(?:(?<options>[\w-]+(?:="[^"]*")?(?:,[\w-]+(?:="[^"]*")?)*)\s+)?(?<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+)\s+(?<key>[A-Za-z0-9+/=]+)/;
const stamp = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z?)$/;

/** `YYYYMMDD[HHMM[SS]][Z]`, read as UTC; NaN where it is none, so that nothing is valid. */
function parseStamp(text: string): number {
  const parts = stamp.exec(text);
  if (parts === null) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function parseOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([\w-]+)(?:="([^"]*)")?/g))
    options.set(name.toLowerCase(), value);
  return options;
}

/**
 * The signers of an `allowed_signers` file. Comments, lines that cannot be read and certificate authorities
 * are left out: they allow nobody.
 */
export function parseAllowedSigners(text: string): AllowedSigner[] {
  const signers: AllowedSigner[] = [];
  for (const entry of text.split(/\r?\n/)) {
    const groups = entry.startsWith('#') ? undefined : line.exec(entry.trim())?.groups;
    if (groups?.principals === undefined || groups.key === undefined) continue;
    const options = parseOptions(groups.options ?? '');
    if (options.has('cert-authority')) continue;
    const after = options.get('valid-after');
    const before = options.get('valid-before');
    signers.push({
      principals: groups.principals.replaceAll('"', ''),
      publicKey: groups.key,
      namespaces: (options.get('namespaces') ?? '').split(',').filter((name) => name !== ''),
      ...(after === undefined ? {} : { validAfter: parseStamp(after) }),
      ...(before === undefined ? {} : { validBefore: parseStamp(before) }),
    });
  }
  return signers;
}

/** The principals that may sign with this key in namespace `git` at this time, or undefined. */
export function findSigner(
  signers: readonly AllowedSigner[],
  publicKey: string,
  at: number,
): string | undefined {
  return signers.find(
    (signer) =>
      signer.publicKey === publicKey &&
      (signer.namespaces.length === 0 || signer.namespaces.some((name) => name === 'git' || name === '*')) &&
      (signer.validAfter === undefined || at >= signer.validAfter) &&
      (signer.validBefore === undefined || at < signer.validBefore),
  )?.principals;
}
