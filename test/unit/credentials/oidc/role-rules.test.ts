import { describe, expect, it } from 'vitest';
import {
  addUserinfo,
  findRule,
  isUndecided,
  nameOf,
  parseRoleRules,
} from '../../../../src/credentials/oidc/role-rules.ts';

const find = (setting: string, claims: Record<string, unknown>) => {
  const rule = findRule(parseRoleRules(setting), claims);
  return rule && `${rule.role}:${rule.tenant}`;
};

describe('oidc.roles', () => {
  it.each([
    ['operator:*:groups=platform', { groups: ['others', 'platform'] }, 'operator:*'],
    ['operator:*:groups=platform', { groups: 'platform' }, 'operator:*'],
    ['viewer:acme:groups=acme-*', { groups: ['acme-dev'] }, 'viewer:acme'],
    ['viewer:*:hd=example.com', { hd: 'example.com' }, 'viewer:*'],
    [
      'viewer:*:resource_access/muster/roles=view',
      { resource_access: { muster: { roles: ['view'] } } },
      'viewer:*',
    ],
    ['viewer:*:https://example.com/roles=v=1', { 'https://example.com/roles': ['v=1'] }, 'viewer:*'],
    ['viewer:*:email=*@example.com', { email: 'a@example.com', email_verified: true }, 'viewer:*'],
    ['operator:acme:groups=a, viewer:*:groups=*', { groups: ['b', 'a'] }, 'operator:acme'],
    ['viewer:*:groups=*, operator:*:groups=a', { groups: ['a'] }, 'viewer:*'],
  ])('%s gives %j the role %s', (setting, claims, granted) => expect(find(setting, claims)).toBe(granted));

  it.each([
    ['operator:*:groups=platform', {}],
    ['operator:*:groups=platform', { groups: ['platform-eu', 'Platform'] }],
    ['operator:*:groups=platform', { groups: { 0: 'platform' } }],
    ['operator:*:admin=true', { admin: true }],
    ['operator:*:email=*@example.com', { email: 'a@example.com.evil', email_verified: true }],
    ['operator:*:email=*@example.com', { email: 'a@example.com', email_verified: false }],
    ['operator:*:email=*@example.com', { email: 'a@example.com', email_verified: 'false' }],
    ['', { groups: ['platform'] }],
  ])('%s gives %j nothing', (setting, claims) => expect(find(setting, claims)).toBeUndefined());

  it.each([
    ['admin:*:groups=a', /entry 1 is not role:tenant:claim=glob/],
    ['operator:*:groups=a,operator:*', /entry 2 is not/],
    ['operator:*:groups', /entry 1 is not/],
    ['operator:*:groups=', /entry 1 is not/],
    ['viewer:Acme:groups=a', /entry 1 names no tenant/],
    ['viewer:*:groups=[', /no glob/],
  ])('%s is refused', (setting, message) => expect(() => parseRoleRules(setting)).toThrow(message));
});

describe('claims that the ID token has not', () => {
  it.each([
    ['operator:*:groups=a,viewer:*:hd=b', {}, true],
    ['operator:*:groups=a,viewer:*:hd=b', { hd: 'b' }, true],
    ['operator:*:groups=a,viewer:*:hd=b', { groups: ['a'] }, false],
    ['operator:*:groups=a,viewer:*:hd=b', { groups: [] }, true],
    ['operator:*:groups=a,viewer:*:groups=b', { groups: [] }, false],
    ['viewer:*:email=a', { email: 'a', email_verified: false }, false],
    ['viewer:*:r/m/roles=view', { r: { other: { roles: ['view'] } } }, true],
  ])('%s with %j leaves something to ask for: %s', (setting, claims, undecided) =>
    expect(isUndecided(parseRoleRules(setting), claims)).toBe(undecided),
  );

  it.each([
    ['operator:*:groups=a', {}, { groups: ['a'] }, 'operator:*'],
    ['operator:*:groups=a', { groups: ['b'] }, { groups: ['a'] }, undefined],
    ['viewer:*:r/m/roles=v', { r: { o: { roles: ['x'] } } }, { r: { m: { roles: ['v'] } } }, 'viewer:*'],
    ['viewer:*:email=a', {}, { email: 'a', email_verified: false }, undefined],
    ['viewer:*:email=a', { email_verified: true }, { email: 'a', email_verified: false }, undefined],
    ['viewer:*:email=a', { email_verified: false }, { email: 'a', email_verified: true }, undefined],
  ])('%s gives %j with userinfo %j the role %s', (setting, claims, userinfo, granted) =>
    expect(find(setting, addUserinfo(parseRoleRules(setting), claims, userinfo))).toBe(granted),
  );
});

it.each([
  [{ sub: '1', email: 'a@example.com' }, 'a@example.com'],
  [{ sub: '1', email: 'a@example.com', email_verified: false }, '1'],
  [{ sub: '1', email: 7 }, '1'],
  [{ sub: '1', email: 'a\n\u202eb\u0000' }, 'a b '],
  [{ sub: '1', email: 'x'.repeat(300) }, 'x'.repeat(100)],
])('names %j in the history as %s', (claims, name) => expect(nameOf(claims, 'email')).toBe(name));
