import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/index.ts';
import { credentialClaim, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const ca = 'ab'.repeat(32);
const idp = 'https://id.example';
const grantAll = `kind: Fleet\ntenants: {"*": {policy: {certificateIssuers: [${ca.toUpperCase()}], jwtIssuers: ["${idp}"]}}}\n`;

type Entries = Readonly<Record<string, string>>;

function validate(entries: Entries, fleet = grantAll, inForce?: Snapshot): Snapshot {
  const files = Object.fromEntries(
    Object.entries(entries).map(([tenant, text]) => [
      `tenants/${tenant}/tenant.yaml`,
      `kind: Tenant\nenrollment: [${text}]\n`,
    ]),
  );
  const repo = createMemoryRepo({ 'fleet.yaml': fleet, ...files });
  return validateRepo({ ...repo, now, ...(inForce ? { inForce: ownersIn(inForce) } : {}) });
}

function ownersIn({ tenants }: Snapshot): ReadonlyMap<string, string> {
  return new Map(
    [...tenants].flatMap(([name, { manifest }]) =>
      manifest.enrollment.map((entry) => [credentialClaim(entry), name] as const),
    ),
  );
}

function faults(snapshot: Snapshot): readonly string[] {
  return snapshot.problems.map(({ code, tenant }) => `${code} ${tenant}`);
}

const certificate = (glob: string, name = 'gw') =>
  `{name: ${name}, certificate: {issuerSha256: ${ca}, commonNameGlob: "${glob}"}}`;
const jwt = (claims: string, audience = 'muster') =>
  `{name: k8s, jwt: {issuer: "${idp}", audience: ${audience}, claims: ${claims}}}`;
const inNamespace = (glob: string) => jwt(`{"kubernetes.io/serviceaccount/namespace": "${glob}"}`);

describe('issuers', () => {
  it('count where the fleet’s policy grants them', () => {
    const snapshot = validate({ acme: `${certificate('*.acme')}, ${inNamespace('acme-*')}` });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.tenants.get('acme')?.manifest.enrollment.map(({ kind }) => kind)).toEqual([
      'certificate',
      'jwt',
    ]);
  });

  it.each([
    ['no fleet.yaml says anything', 'kind: Fleet\n'],
    [
      'the policy names others',
      'kind: Fleet\ntenants: {"*": {policy: {certificateIssuers: [], jwtIssuers: [x]}}}\n',
    ],
    ['another tenant has the grant', grantAll.replace('"*"', 'globex')],
  ])('are refused where %s', (_what, fleet) => {
    const snapshot = validate({ acme: `${certificate('*.acme')}, ${inNamespace('acme-*')}` }, fleet);
    expect(faults(snapshot)).toEqual(['FR054 acme', 'FR054 acme']);
    expect(snapshot.problems[0]).toMatchObject({ file: 'tenants/acme/tenant.yaml', line: 2, column: 14 });
    expect(snapshot.problems[0]?.message).toContain('certificateIssuers');
    const { manifest } = snapshot.tenants.get('acme')!;
    expect(manifest.enrollment).toEqual([]);
    expect(manifest.policies.every(({ jwtIssuers }) => !jwtIssuers?.includes(idp))).toBe(true);
  });

  it('add up over the fleet’s grants, and every policy then says the same', () => {
    const fleet = `kind: Fleet
tenants:
  "*": {policy: {components: {deny: [exporter/file]}}}
  acme: {policy: {jwtIssuers: ["${idp}"]}}
`;
    const snapshot = validate({ acme: inNamespace('*') }, fleet);
    expect(snapshot.problems).toEqual([]);
    const { policies } = snapshot.tenants.get('acme')!.manifest;
    expect(policies.map(({ jwtIssuers }) => jwtIssuers)).toEqual([[idp], [idp]]);
  });

  it('can be taken away, but not granted, by the tenant itself', () => {
    const own = (policy: string, fleet: string) => {
      const repo = createMemoryRepo({
        'fleet.yaml': fleet,
        'tenants/acme/tenant.yaml': `kind: Tenant\npolicy: ${policy}\nenrollment: [${inNamespace('*')}]\n`,
      });
      return faults(validateRepo({ ...repo, now }));
    };
    expect(own('{jwtIssuers: []}', grantAll)).toEqual(['FR054 acme']);
    expect(own('{components: {deny: [exporter/file]}}', grantAll)).toEqual([]);
    expect(own(`{jwtIssuers: ["${idp}"]}`, 'kind: Fleet\n')).toEqual(['FR054 acme']);
  });

  it('are the owners’ own affair where one tenant is the whole repo', () => {
    const repo = createMemoryRepo({ 'tenant.yaml': `kind: Tenant\nenrollment: [${inNamespace('*')}]\n` });
    const snapshot = validateRepo({ ...repo, now });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.tenants.get('default')?.manifest.enrollment).toHaveLength(1);
  });
});

describe('claims on one issuer', () => {
  it.each([
    ['common names', certificate('*.gw.acme.example'), certificate('*.gw.globex.example')],
    ['namespaces', inNamespace('acme-*'), inNamespace('globex-*')],
    ['audiences', jwt('{}', 'acme'), jwt('{}', 'globex')],
  ])('stand side by side where %s exclude each other', (_what, acme, globex) => {
    expect(validate({ acme, globex }).problems).toEqual([]);
  });

  it.each([
    ['the same names', certificate('*.gw.acme.example'), certificate('*.gw.acme.example')],
    ['a wide glob', certificate('*.gw.acme.example'), certificate('*')],
    ['globs that cross', certificate('a*'), certificate('*b')],
    ['one claim less', inNamespace('acme-*'), jwt('{}')],
    ['another claim', inNamespace('acme-*'), jwt('{team: "*"}')],
  ])('are nobody’s where both are new: %s', (_what, acme, globex) => {
    const snapshot = validate({ acme, globex });
    expect(faults(snapshot)).toEqual(['FR030 acme', 'FR030 globex']);
    expect([...snapshot.tenants.values()].flatMap(({ manifest }) => manifest.enrollment)).toEqual([]);
  });

  it.each([
    ['copies', certificate('*.gw.acme.example'), certificate('*.gw.acme.example')],
    ['widens', certificate('*.gw.acme.example'), certificate('*')],
    ['narrows', certificate('*.acme.example'), certificate('one.acme.example')],
    ['drops claims', inNamespace('acme-*'), jwt('{}')],
  ])('stay with whoever had them: a newcomer that %s gains and harms nothing', (_what, acme, globex) => {
    const before = validate({ acme });
    const after = validate({ acme, globex }, grantAll, before);
    expect(faults(after)).toEqual(['FR030 globex']);
    expect(after.tenants.get('globex')?.manifest.enrollment).toEqual([]);
    expect(after.tenants.get('acme')?.manifest.enrollment).toHaveLength(1);
    // Whose they are is not told.
    expect(after.problems[0]?.message).not.toContain('acme');
  });

  it('may not be widened into another tenant’s by a tenant that has some', () => {
    const before = validate({ acme: certificate('*.acme.example'), globex: certificate('*.globex.example') });
    const after = validate(
      { acme: certificate('*.acme.example'), globex: certificate('*.example') },
      grantAll,
      before,
    );
    expect(faults(after)).toEqual(['FR030 globex']);
  });

  it('are a repetition within one tenant, and may overlap there', () => {
    const twice = `${certificate('*.acme', 'a')}, ${certificate('*.acme', 'b')}`;
    expect(faults(validate({ acme: twice }))).toEqual(['FR031 acme']);
    const overlapping = `${certificate('*.acme', 'a')}, ${certificate('*', 'b')}`;
    expect(validate({ acme: overlapping }).problems).toEqual([]);
  });

  it('of different issuers have nothing to do with each other', () => {
    const other = 'cd'.repeat(32);
    const fleet = grantAll.replace(ca.toUpperCase(), `${ca}, ${other}`);
    expect(
      validate({ acme: certificate('*'), globex: certificate('*').replace(ca, other) }, fleet).problems,
    ).toEqual([]);
  });

  it('are refused where a glob is none', () => {
    expect(faults(validate({ acme: certificate('{a,b}') }))).toEqual(['FR006 acme']);
  });

  it('cost bounded work, however hostile the globs are', () => {
    const hostile = Array.from({ length: 200 }, (_, index) =>
      certificate(`${'*a'.repeat(90)}${index}`, `n${index}`),
    );
    const many = Array.from({ length: 200 }, (_, index) =>
      certificate(`${'*b'.repeat(90)}${index}`, `n${index}`),
    );
    const snapshot = validate({ acme: hostile.join(', '), globex: many.join(', ') });
    expect(snapshot.problems.every(({ code }) => code === 'FR030' || code === 'FR043')).toBe(true);
  });
});
