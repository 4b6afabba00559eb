/** Which values SOPS encrypted, by the keys on the way to them; `undefined` is a rule that is not set. */
export interface EncryptionRule {
  readonly unencryptedSuffix: string | undefined;
  readonly encryptedSuffix: string | undefined;
  readonly unencryptedRegex: string | undefined;
  readonly encryptedRegex: string | undefined;
  /** Whether comments decide, which are not read. */
  readonly byComment: boolean;
}

/** Whether a value may stand in the clear; `unknown` where the rule is of a form that is not read. */
export type Clearance = 'clear' | 'encrypted' | 'unknown';

type MatchName = (name: string) => boolean;

/**
 * What a rule says of a value below these keys, in the order of SOPS: later rules win. Patterns are the tenant's own
 * and may be built to never end, so only lists of names are read.
 */
export function judgeClearance(rule: EncryptionRule, keys: readonly string[]): Clearance {
  const { unencryptedSuffix, encryptedSuffix, unencryptedRegex, encryptedRegex, byComment } = rule;
  if (byComment) return 'unknown';
  const anyEndsWith = (suffix: string) => keys.some((key) => key.endsWith(suffix));
  const isOut = unencryptedRegex === undefined ? never : compileNames(unencryptedRegex);
  const isIn = encryptedRegex === undefined ? undefined : compileNames(encryptedRegex);
  if (isOut === 'unknown' || isIn === 'unknown') return 'unknown';
  if (isIn) return keys.some(isIn) ? 'encrypted' : 'clear';
  if (keys.some(isOut)) return 'clear';
  if (encryptedSuffix !== undefined) return anyEndsWith(encryptedSuffix) ? 'encrypted' : 'clear';
  return unencryptedSuffix !== undefined && anyEndsWith(unencryptedSuffix) ? 'clear' : 'encrypted';
}

const never: MatchName = () => false;
const grouped = /^(\^?)\(([^()]*)\)(\$?)$/;
const plainName = /^(\^?)((?:[A-Za-z0-9_/-]|\\[.\-/])*)(\$?)$/;

/** A matcher for an alternation of names, each or all with anchors; `unknown` for any other pattern. */
function compileNames(pattern: string): MatchName | 'unknown' {
  const [, start = '', inner, end = ''] = grouped.exec(pattern) ?? [];
  const names = (inner ?? pattern).split('|').map((name) => plainName.exec(name));
  const tests = names.flatMap((match) => {
    if (!match) return [];
    const [, ownStart, escaped = '', ownEnd] = match;
    return testName(escaped.replaceAll('\\', ''), start + ownStart !== '', end + ownEnd !== '');
  });
  if (tests.length < names.length) return 'unknown';
  return (name) => tests.some((test) => test(name));
}

function testName(word: string, fromStart: boolean, toEnd: boolean): MatchName {
  if (fromStart && toEnd) return (name) => name === word;
  if (fromStart) return (name) => name.startsWith(word);
  return toEnd ? (name) => name.endsWith(word) : (name) => name.includes(word);
}
