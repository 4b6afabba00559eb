import { describe, expect, it } from 'vitest';
import { type EncryptionRule, judgeClearance } from '../../../../src/credentials/sops/encryption-rule.ts';

const none: EncryptionRule = {
  unencryptedSuffix: undefined,
  encryptedSuffix: undefined,
  unencryptedRegex: undefined,
  encryptedRegex: undefined,
  byComment: false,
};

describe('judgeClearance', () => {
  it.each<[Partial<EncryptionRule>, string[], string]>([
    [{}, ['a'], 'encrypted'],
    [{ unencryptedSuffix: '_plain' }, ['a_plain'], 'clear'],
    [{ unencryptedSuffix: '_plain' }, ['a_plain', 'b'], 'clear'],
    [{ unencryptedSuffix: '_plain' }, ['a'], 'encrypted'],
    [{ encryptedSuffix: '_enc' }, ['a'], 'clear'],
    [{ encryptedSuffix: '_enc' }, ['a_enc', 'b'], 'encrypted'],
    [{ encryptedRegex: '^(data|stringData)$' }, ['data', 'x'], 'encrypted'],
    [{ encryptedRegex: '^(data|stringData)$' }, ['metadata'], 'clear'],
    [{ encryptedRegex: 'pass' }, ['db_password'], 'encrypted'],
    [{ encryptedRegex: '^pass' }, ['db_password'], 'clear'],
    [{ encryptedRegex: '^a$|b$' }, ['xb'], 'encrypted'],
    [{ encryptedRegex: '^a$|b$' }, ['ax'], 'clear'],
    [{ encryptedRegex: '^tls\\.key$' }, ['tls.key'], 'encrypted'],
    [{ unencryptedRegex: '^(user|host)$' }, ['user'], 'clear'],
    [{ unencryptedRegex: '^(user|host)$' }, ['users'], 'encrypted'],
    [{ unencryptedRegex: '^(user|host)$', unencryptedSuffix: '_plain' }, ['a_plain'], 'clear'],
    [{ encryptedRegex: '(a+)+$' }, ['a'], 'unknown'],
    [{ encryptedRegex: '^.*$' }, ['a'], 'unknown'],
    [{ unencryptedRegex: '(?i)user' }, ['user'], 'unknown'],
    [{ byComment: true }, ['a'], 'unknown'],
  ])('%j of %j: %s', (rule, keys, clearance) => {
    expect(judgeClearance({ ...none, ...rule }, keys)).toBe(clearance);
  });
});
