import type { Severity } from '../model/index.ts';

/** What a problem code of the fleet repo means. */
export interface ProblemCode {
  readonly severity: Severity;
  readonly title: string;
  /** What to do about it; one or two sentences for docs/errors.md. */
  readonly fix: string;
}

/** Codes of faults in the shape of the fleet repo: what a file is, where it may be, what it may name. */
export const repoCodes = {
  FR001: {
    severity: 'error',
    title: 'kind looks misspelled',
    fix: 'Write one of Fleet, Tenant, AgentConfig, Rollout, Package, Connection. A file of another system keeps its kind and has an apiVersion.',
  },
  FR002: {
    severity: 'error',
    title: 'Fleet outside the root',
    fix: 'Move it to `/fleet.yaml`; there is one.',
  },
  FR003: {
    severity: 'error',
    title: 'AgentConfig outside a tenant',
    fix: 'Move it below `tenants/<name>/`, or list it in `defaults` of `fleet.yaml` if every tenant should get it.',
  },
  FR004: {
    severity: 'error',
    title: 'several documents in one file',
    fix: 'Only files whose documents all are kinds of Muster may hold several. Split the file.',
  },
  FR005: {
    severity: 'error',
    title: 'unknown key',
    fix: 'Correct the key; the message names the nearest one.',
  },
  FR006: {
    severity: 'error',
    title: 'value of the wrong form',
    fix: 'See the page of the kind under docs/spec.',
  },
  FR007: { severity: 'error', title: 'required key missing', fix: 'Add the key that the message names.' },
  FR008: {
    severity: 'error',
    title: 'name not allowed',
    fix: 'Names have 1 to 40 characters of a-z, 0-9 and -, start and end with a letter or digit, and are not fleet, plan or validate.',
  },
  FR009: {
    severity: 'error',
    title: 'tenant name differs from its folder',
    fix: 'Leave `name` out or make it the folder’s name.',
  },
  FR010: { severity: 'error', title: 'name used twice', fix: 'Rename one of the two.' },
  FR011: {
    severity: 'warning',
    title: 'file that nothing references',
    fix: 'Name it in a `config`, or delete it. An object of Muster needs its `kind`.',
  },
  FR013: {
    severity: 'error',
    title: 'tenant without tenant.yaml',
    fix: 'Add `tenants/<name>/tenant.yaml` with `kind: Tenant`.',
  },
  FR014: {
    severity: 'error',
    title: 'Tenant in the wrong place',
    fix: 'A Tenant is `tenants/<name>/tenant.yaml`.',
  },
  FR015: {
    severity: 'error',
    title: 'kind not granted',
    fix: 'Grant it in `fleet.yaml` under `tenants: {<glob>: {kinds: […]}}`, or move the file out of the tenant’s folder.',
  },
  FR020: {
    severity: 'error',
    title: 'referenced file not found',
    fix: 'Correct the path; the message names the nearest one.',
  },
  FR021: {
    severity: 'error',
    title: 'reference out of bounds',
    fix: 'A tenant may name files of its own folder and of `sharedPaths`.',
  },
  FR022: {
    severity: 'error',
    title: 'path not allowed',
    fix: 'Write a path without `..`, `//`, backslashes and control characters.',
  },
  FR023: {
    severity: 'error',
    title: 'not a regular file',
    fix: 'Symbolic links, submodules and Git LFS pointers are not followed. Commit the file itself.',
  },
  FR024: { severity: 'error', title: 'file too large', fix: 'One file has at most 1 MiB.' },
  FR025: { severity: 'error', title: 'too many files or layers', fix: 'Split the tenant, or merge layers.' },
  FR026: {
    severity: 'error',
    title: 'paths differ only by case',
    fix: 'Rename one: on many file systems they are the same file.',
  },
  FR027: { severity: 'error', title: 'file name with control characters', fix: 'Rename the file.' },
  FR028: {
    severity: 'error',
    title: 'reference to an object',
    fix: 'A body is a plain file without `kind`; objects of Muster cannot be bodies.',
  },
  FR029: {
    severity: 'warning',
    title: 'pattern or folder without a match',
    fix: 'Correct the pattern or remove it.',
  },
  FR030: {
    severity: 'error',
    title: 'credential claimed twice',
    fix: 'Create a token of its own for each tenant: `muster token create`. Globs of certificate and jwt entries of one issuer must exclude each other.',
  },
  FR031: { severity: 'error', title: 'duplicate entry', fix: 'Rename one of the two.' },
  FR032: { severity: 'warning', title: 'overlay has expired', fix: 'Delete it; it no longer applies.' },
  FR033: {
    severity: 'error',
    title: 'unknown rollout',
    fix: 'Name a Rollout of the tenant or the root, or `immediate`.',
  },
  FR034: {
    severity: 'error',
    title: 'unknown or circular `after`',
    fix: 'Name AgentConfigs of the same tenant, without a circle.',
  },
  FR035: {
    severity: 'warning',
    title: 'two objects may own one agent',
    fix: 'Make the selectors exclude each other or give one a higher `priority`. An agent that two AgentConfigs, Connections or Packages match is a conflict and keeps what it has.',
  },
  FR036: {
    severity: 'warning',
    title: 'limit wider than granted',
    fix: 'The Fleet’s limit holds. Lower the tenant’s limit or raise the grant.',
  },
  FR037: {
    severity: 'error',
    title: 'body missing or given twice',
    fix: 'Give `config` or `files`, whichever the type takes.',
  },
  FR038: {
    severity: 'error',
    title: 'semver range expected',
    fix: 'Write a range such as `>=0.144 <0.160`.',
  },
  FR039: {
    severity: 'error',
    title: 'rule cannot be set',
    fix: 'Name a rule of docs/rules.md; faults of YAML itself cannot be turned off.',
  },
  FR040: {
    severity: 'error',
    title: 'key not meant for this agent type',
    fix: 'Remove it or change `type`.',
  },
  FR041: {
    severity: 'warning',
    title: 'variable never used',
    fix: 'Remove it, or use it as `$(vars.<name>)`.',
  },
  FR042: {
    severity: 'error',
    title: 'date that does not exist',
    fix: 'Write YYYY-MM-DD or an RFC 3339 time.',
  },
  FR043: { severity: 'warning', title: 'problems left out', fix: 'Mend the ones that are shown first.' },
  FR044: {
    severity: 'warning',
    title: 'overlay never applies',
    fix: 'Its `when` and the AgentConfig’s `selector` exclude each other. Correct one, or delete the overlay.',
  },
  FR045: {
    severity: 'error',
    title: 'limits that exclude each other',
    fix: 'Correct one of the two, as the message says: nothing would ever be inside.',
  },
  FR046: {
    severity: 'error',
    title: 'unknown time zone',
    fix: 'Write an IANA name such as `Europe/Berlin`, or leave it out for UTC.',
  },
  FR047: {
    severity: 'warning',
    title: 'step without agents of its own',
    fix: 'Counts and percentages of later steps include those of the steps before. Raise it, or delete the step.',
  },
  FR048: {
    severity: 'error',
    title: 'endpoint or file of the wrong form',
    fix: 'The message says which form is wanted. Telemetry endpoints are OTLP/HTTP URLs with their path.',
  },
  FR049: {
    severity: 'warning',
    title: 'connection without encryption',
    fix: 'Use https or wss.',
  },
  FR050: {
    severity: 'error',
    title: 'secret in the repo',
    fix: 'Everyone with the repo can read it: replace it where it is valid, then refer to the server’s `${env:NAME}` or `${file:/path}`.',
  },
  FR051: {
    severity: 'warning',
    title: 'offer that cuts agents off or opens them',
    fix: 'Give `tls: {ca: …}` or `certificate`, and all headers that agents need, so that the offer is complete.',
  },
  FR052: {
    severity: 'error',
    title: 'duration out of bounds',
    fix: 'The message names the bounds.',
  },
  FR053: {
    severity: 'error',
    title: 'own telemetry without all signals',
    fix: 'Give `metrics`, `traces` and `logs`, or leave `ownTelemetry` out.',
  },
  FR054: {
    severity: 'error',
    title: 'issuer not granted',
    fix: 'Name it in the `policy` of a matching entry under `tenants` in fleet.yaml: `jwtIssuers` or `certificateIssuers`.',
  },
  FR060: {
    severity: 'error',
    title: 'component not allowed',
    fix: 'Use another component, or ask the fleet’s owners to change the policy in fleet.yaml.',
  },
  FR061: {
    severity: 'error',
    title: 'endpoint not allowed',
    fix: 'Send to a destination that the policy names, or ask the fleet’s owners to change it.',
  },
  FR062: {
    severity: 'error',
    title: 'required component missing',
    fix: 'Add it: a processor to every pipeline, anything else to the config.',
  },
  FR063: {
    severity: 'error',
    title: 'policed field left to the agent',
    fix: 'Write the value, use `$(vars.…)`, or set `allowExpansions: true` in every policy that judges it.',
  },
  FR064: {
    severity: 'error',
    title: 'policy cannot be checked',
    fix: 'Use a type whose bodies Muster understands, or keep this tenant free of component and endpoint policies.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;

/** A code of `repoCodes`. */
export type RepoCode = keyof typeof repoCodes;
