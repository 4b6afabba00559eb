import { expect, test } from 'vitest';
import { parseTrustedIssuers } from '../../../../src/credentials/index.ts';

test('issuers are listed with what replaces discovery', () => {
  const setting =
    'https://gitlab.internal, https://k8s.svc;keys=https://k8s.svc/openid/v1/jwks;ca=/run/ca.crt;token=/run/token\n';
  expect([...parseTrustedIssuers(setting)]).toEqual([
    ['https://gitlab.internal', {}],
    [
      'https://k8s.svc',
      { keysUrl: 'https://k8s.svc/openid/v1/jwks', caFile: '/run/ca.crt', tokenFile: '/run/token' },
    ],
  ]);
  expect(parseTrustedIssuers(' ').size).toBe(0);
});

test.each([
  ['issuer', '"issuer" is no URL'],
  ['https://a;keys=b', 'keys of https://a is no URL'],
  ['https://a;ca', 'none of keys=, ca=, token='],
  ['https://a;ca=', 'none of keys=, ca=, token='],
  ['https://a;x=y', 'none of keys=, ca=, token='],
  ['https://a;token=/run/token', 'token= of https://a needs keys='],
])('%s is refused', (setting, message) => {
  expect(() => parseTrustedIssuers(setting)).toThrow(
    expect.objectContaining({ code: 'JWT_ISSUERS_INVALID', message: expect.stringContaining(message) }),
  );
});
