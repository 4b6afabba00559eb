import type { Position, Problem, Severity } from '../../model/index.ts';

/** What each problem code of a secrets file means, for docs/errors.md. */
export const secretProblems = {
  FR301: {
    severity: 'error',
    title: 'secrets file not readable',
    fix: 'It is one YAML map, a regular file of at most 1 MiB, as `sops` writes it.',
  },
  FR302: {
    severity: 'error',
    title: 'secrets not encrypted',
    fix: 'Replace these values where they are valid, since the history keeps them; then run `sops encrypt -i` and commit.',
  },
  FR303: {
    severity: 'error',
    title: 'no key for the tenant’s secrets',
    fix: 'Put the tenant’s age identity into `<tenant>.txt` in `secrets.keysDir` of the server, or into `MUSTER_SECRETS_KEY_<TENANT>`; then commit again, or restart the server.',
  },
  FR304: {
    severity: 'error',
    title: 'secrets encrypted for somebody else',
    fix: 'Add the tenant’s recipient (`age-keygen -y <tenant>.txt`) to `.sops.yaml`, and run `sops updatekeys`.',
  },
  FR305: {
    severity: 'error',
    title: 'secrets do not verify',
    fix: 'The file was changed by hand, merged, or copied from elsewhere. Restore it, or encrypt the values anew.',
  },
  FR306: {
    severity: 'error',
    title: 'form of SOPS that is not read',
    fix: 'Use age recipients without key groups, and rules by suffix or by a list of names such as `^(user|host)$`.',
  },
  FR307: {
    severity: 'warning',
    title: 'secret that nothing can name',
    fix: 'Use letters, digits, `_`, `-`, `.` and `/` in keys, starting with a letter or `_`.',
  },
} as const satisfies Readonly<
  Record<string, { readonly severity: Severity; readonly title: string; readonly fix: string }>
>;

/** A code of `secretProblems`. */
export type SecretProblemCode = keyof typeof secretProblems;

/** A fault in a secrets file; the message never holds a value. */
export interface SecretFault {
  readonly code: SecretProblemCode;
  readonly at: Position;
  readonly message: string;
}

/** The fault as a problem of a tenant. */
export function secretProblem({ code, at, message }: SecretFault, tenant: string): Problem {
  const { file, line, column } = at;
  return { code, severity: secretProblems[code].severity, file, line, column, message, tenant };
}
