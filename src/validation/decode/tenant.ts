import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, EnrollmentEntry, Problem, TenantManifest } from '../../model/index.ts';
import { parseGlob } from '../../selectors/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { itemsOf, scalarOf, textMapOf, textOf, textsOf, varsOf } from './fields.ts';
import { limitsOf } from './limits.ts';
import { policyOf } from './policy.ts';

/** A tenant's own file; `limits` and `policies` are its own, not yet narrowed to the grant. */
export interface DecodedTenant {
  readonly manifest: TenantManifest;
  readonly problems: readonly Problem[];
}

/** Reads a Tenant; what does not have the right form is left out, with the schema's problem. */
export function decodeTenant({ node, file }: SourceDocument, name: string): DecodedTenant {
  const problems: Problem[] = [];
  const written = scalarOf(node, 'name');
  if (written && written.text !== name) {
    problems.push(
      repoProblem('FR009', written.at, `this is tenant "${name}" by its folder, not "${written.text}"`),
    );
  }
  const policy = policyOf(node, problems);
  const manifest: TenantManifest = {
    name,
    file,
    owners: textsOf(node, 'owners'),
    enrollment: readEnrollment(node, problems),
    vars: varsOf(node),
    limits: limitsOf(node),
    policies: policy ? [policy] : [],
    revoked: textsOf(node, 'revoked').map((text) => text.toLowerCase()),
  };
  return { manifest, problems };
}

function readEnrollment(node: ConfigNode, problems: Problem[]): readonly EnrollmentEntry[] {
  const names = new Set<string>();
  return itemsOf(node, 'enrollment').flatMap((item) => {
    const entry = readEntry(item, problems);
    if (!entry) return [];
    if (names.has(entry.name))
      problems.push(repoProblem('FR031', entry.at, `there already is an enrollment entry "${entry.name}"`));
    names.add(entry.name);
    return [entry];
  });
}

function readEntry(item: ConfigNode, problems: Problem[]): EnrollmentEntry | undefined {
  const name = textOf(item, 'name');
  if (name === undefined) return undefined;
  const token = textOf(item, 'tokenSha256');
  if (token !== undefined) return readToken(item, name, token);
  const certificate = getEntry(item, 'certificate')?.value;
  const jwt = getEntry(item, 'jwt')?.value;
  const entry = certificate ? readCertificate(certificate, name, item) : readJwt(jwt, name, item);
  return entry && hasSoundGlobs(entry, problems) ? entry : undefined;
}

function hasSoundGlobs(entry: EnrollmentEntry, problems: Problem[]): boolean {
  for (const glob of globsOf(entry)) {
    const parsed = parseGlob(glob);
    if (parsed.kind === 'glob') continue;
    const message = `entry "${entry.name}": "${glob.slice(0, 60)}" is not a glob: ${parsed.fault}`;
    problems.push(repoProblem('FR006', entry.at, message));
    return false;
  }
  return true;
}

function globsOf(entry: EnrollmentEntry): Iterable<string> {
  if (entry.kind === 'token') return [];
  return entry.kind === 'certificate' ? [entry.commonNameGlob] : entry.claims.values();
}

function readToken(item: ConfigNode, name: string, token: string): EnrollmentEntry | undefined {
  if (!/^[0-9a-f]{64}$/i.test(token)) return undefined;
  const entry = { kind: 'token', name, tokenSha256: token.toLowerCase(), at: item.at } as const;
  const approve = textOf(item, 'approve');
  return approve === 'auto' || approve === 'manual' ? { ...entry, approve } : entry;
}

function readCertificate(node: ConfigNode, name: string, item: ConfigNode): EnrollmentEntry | undefined {
  const issuerSha256 = textOf(node, 'issuerSha256');
  const commonNameGlob = textOf(node, 'commonNameGlob');
  if (issuerSha256 === undefined || commonNameGlob === undefined) return undefined;
  return { kind: 'certificate', name, issuerSha256: issuerSha256.toLowerCase(), commonNameGlob, at: item.at };
}

function readJwt(node: ConfigNode | undefined, name: string, item: ConfigNode): EnrollmentEntry | undefined {
  const issuer = textOf(node, 'issuer');
  const audience = textOf(node, 'audience');
  if (issuer === undefined || audience === undefined) return undefined;
  return { kind: 'jwt', name, issuer, audience, claims: textMapOf(node, 'claims'), at: item.at };
}
