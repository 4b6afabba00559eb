import { describe, expect, test } from 'vitest';
import { createAgentGate, type GateDecision, type VerifiedJwt } from '../../../src/credentials/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { jwtEntry, tenantsOf, tokenEntry } from './tenants.ts';

const issuer = 'https://issuer.example';
const options = { allowAnonymous: false };
/** An unsigned JWT: only its issuer is read before it is verified. */
const token = `e30.${Buffer.from(JSON.stringify({ iss: issuer })).toString('base64url')}.e30`;
const knock = (authorization?: string, remoteAddress = '192.0.2.1') => ({
  authorization,
  remoteAddress,
  forwarded: false,
});

function gateWith(verify: () => Promise<VerifiedJwt>) {
  const clock = createManualClock();
  return { clock, gate: createAgentGate({ clock, random: () => 0.5, jwt: { verify } }, options) };
}
const never = () => Promise.reject(new Error('not asked'));
const valid = async (): Promise<VerifiedJwt> => ({ kind: 'valid', claims: { aud: 'muster', team: 'acme' } });

test('before it knows tenants everybody is told to come back', () => {
  const { gate } = gateWith(never);
  expect(gate.admit(knock('Bearer x'))).toMatchObject({ status: 503, retryAfterSeconds: 45 });
});

describe('failures of one address', () => {
  const wrong = { ...knock('Bearer wrong') };

  test('are limited, whatever the address then shows that is wrong, and others’ are not', async () => {
    const { gate, clock } = gateWith(async () => ({ kind: 'invalid', reason: 'bad' }));
    gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 't'), jwtEntry(issuer)] } }));
    for (let failure = 0; failure < 60; failure++) {
      const decision: GateDecision = await gate.admit(failure % 2 ? wrong : knock(`Bearer ${token}`));
      expect(decision).toMatchObject({ status: 401 });
    }
    expect(gate.admit(wrong)).toMatchObject({ status: 429, retryAfterSeconds: 1 });
    expect(await gate.admit(knock(`Bearer ${token}`))).toMatchObject({ status: 429 });
    expect(gate.admit(knock('Bearer wrong', '192.0.2.2'))).toMatchObject({ status: 401 });
    clock.advance(1_000);
    expect(gate.admit(wrong)).toMatchObject({ status: 401 });
  });

  test('do not keep out an agent behind the same address that shows the right token', () => {
    const { gate } = gateWith(never);
    gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 't')] } }));
    for (let failure = 0; failure < 100; failure++) void gate.admit(wrong);
    expect(gate.admit(knock('Bearer t'))).toMatchObject({ kind: 'accepted', tenant: 'acme' });
  });
});

describe('a JWT', () => {
  const acme = { acme: { enrollment: [jwtEntry(issuer, { team: 'acme' })] } };

  test('admits where issuer, audience and claims are an entry’s', async () => {
    const { gate } = gateWith(valid);
    gate.replace(tenantsOf(acme));
    expect(await gate.admit(knock(`Bearer ${token}`))).toEqual({
      kind: 'accepted',
      tenant: 'acme',
      credential: 'k8s',
      scope: 'full',
    });
  });

  test.each([
    ['claims', { acme: { enrollment: [jwtEntry(issuer, { team: 'globex' })] } }],
    ['audience', { acme: { enrollment: [{ ...jwtEntry(issuer), audience: 'other' }] } }],
    ['tenant alone', { ...acme, globex: { enrollment: [jwtEntry(issuer, { team: 'a*' })] } }],
  ])('is refused without matching %s', async (_, tenants) => {
    const { gate } = gateWith(valid);
    gate.replace(tenantsOf(tenants));
    expect(await gate.admit(knock(`Bearer ${token}`))).toMatchObject({ kind: 'rejected', status: 403 });
  });

  test('of an issuer that nobody names, or that the fleet does not grant, makes nobody ask for keys', () => {
    const { gate } = gateWith(never);
    const file = 'tenants/acme/tenant.yaml';
    gate.replace(tenantsOf({ acme: { file, enrollment: [jwtEntry(issuer), tokenEntry('edge', 't')] } }));
    expect(gate.admit(knock(`Bearer ${token}`))).toMatchObject({ status: 401 });
    gate.replace(tenantsOf({ acme: { enrollment: [jwtEntry('https://other.example')] } }));
    expect(gate.admit(knock(`Bearer ${token}`))).toMatchObject({ status: 401 });
  });

  test('whose keys cannot be fetched is told to come back, and counts as no failure', async () => {
    const { gate } = gateWith(async () => ({ kind: 'unavailable', reason: 'no keys now' }));
    gate.replace(tenantsOf(acme));
    for (let attempt = 0; attempt < 100; attempt++) {
      expect(await gate.admit(knock(`Bearer ${token}`))).toMatchObject({
        status: 503,
        reason: 'no keys now',
        retryAfterSeconds: 45,
      });
    }
  });

  test('is judged by the tenants of the moment in which the answer is given', async () => {
    let answer = (_: VerifiedJwt) => {};
    const { gate } = gateWith(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    gate.replace(tenantsOf(acme));
    const asked = gate.admit(knock(`Bearer ${token}`));
    gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 't')] } }));
    answer(await valid());
    expect(await asked).toMatchObject({ kind: 'rejected', status: 401 });
  });
});

test('sessions are void when what proved them is replaced, and stand when it is not', () => {
  const { gate } = gateWith(never);
  const edge = { tenant: 'acme', credential: 'edge', scope: 'full' } as const;
  gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 'one')] } }));
  const same = gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 'one')] } }));
  expect(same(edge)).toBe(false);
  const changed = gate.replace(tenantsOf({ acme: { enrollment: [tokenEntry('edge', 'two')] } }));
  expect(changed(edge)).toBe(true);
});
