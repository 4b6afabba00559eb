import { createHash, timingSafeEqual } from 'node:crypto';
import { stringNode } from '../../manifests/index.ts';
import type { ConfigNode, ScalarNode, ScalarType } from '../../model/index.ts';
import { type DecryptedValue, decryptValue, isEncrypted } from './decrypt-value.ts';
import { judgeClearance } from './encryption-rule.ts';
import { plainBytes } from './plain-bytes.ts';
import type { SopsFile } from './read-sops-file.ts';
import { joinName } from './secret-names.ts';
import type { SecretFault } from './secret-problems.ts';

/** Values by name, or the first fault. */
export type OpenedValues =
  | { readonly values: ReadonlyMap<string, ScalarNode> }
  | { readonly fault: SecretFault };

/** Where a walk is: the name of the value, and the keys that SOPS authenticates with it (places in lists are none). */
interface Place {
  readonly name: string;
  readonly keys: readonly string[];
}

/** SHA-256 of `sops`: what the MAC starts with where it covers encrypted values only. */
const macOnlyEncryptedStart = Buffer.from(
  '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69',
  'hex',
);

/** Decrypts every value with the 32-byte data key and checks the MAC over all of them. */
export function openValues(file: SopsFile, key: Uint8Array): OpenedValues {
  const values = new Map<string, ScalarNode>();
  const mac = createHash('sha512');
  if (file.macOnlyEncrypted) mac.update(macOnlyEncryptedStart);

  const openScalar = (scalar: ScalarNode, { name, keys }: Place): SecretFault | undefined => {
    if (!isEncrypted(scalar.text)) {
      const fault = refuseClear(file, scalar, keys);
      if (fault) return fault;
      if (!file.macOnlyEncrypted && scalar.type !== 'null') mac.update(plainBytes(scalar));
      values.set(name, scalar);
      return undefined;
    }
    const decrypted = decryptValue(scalar.text, key, `${keys.join(':')}:`);
    if (!decrypted) return unverified(scalar, `"${name}" does not verify with the key of this file`);
    if (decrypted.type === 'comment') return undefined;
    mac.update(decrypted.bytes);
    const value = toScalar(decrypted, scalar);
    if (!value) return unverified(scalar, `"${name}" is no text, number or bool`);
    values.set(name, value);
    return undefined;
  };
  const open = (node: ConfigNode, place: Place): SecretFault | undefined => {
    if (node.kind === 'scalar') return openScalar(node, place);
    const children: readonly (readonly [ConfigNode, Place])[] =
      node.kind === 'list'
        ? node.items.map((item, index) => [item, { ...place, name: joinName(place.name, index) }])
        : node.entries.map(({ key: { text }, value }) => [
            value,
            { name: joinName(place.name, text), keys: [...place.keys, text] },
          ]);
    for (const [child, childPlace] of children) {
      const fault = open(child, childPlace);
      if (fault) return fault;
    }
    return undefined;
  };

  const fault = open(file.tree, { name: '', keys: [] });
  if (fault) return { fault };
  return isMac(file, key, mac.digest('hex').toUpperCase())
    ? { values }
    : {
        fault: { code: 'FR305', at: file.at, message: 'the values are not those that sops signed (its MAC)' },
      };
}

function isMac(file: SopsFile, key: Uint8Array, computed: string): boolean {
  const stated = decryptValue(file.mac, key, file.lastModified)?.bytes;
  const own = Buffer.from(computed, 'utf8');
  return stated?.length === own.length && timingSafeEqual(stated, own);
}

/** A value in the clear counts only where SOPS says that it is meant to be. Nothing is hidden in null or an empty text. */
function refuseClear(
  { rule }: SopsFile,
  scalar: ScalarNode,
  keys: readonly string[],
): SecretFault | undefined {
  if (scalar.type === 'null' || scalar.text === '') return undefined;
  switch (judgeClearance(rule, keys)) {
    case 'clear':
      return undefined;
    case 'encrypted':
      return { code: 'FR302', at: scalar.at, message: `the value of "${keys.at(-1)}" is not encrypted` };
    case 'unknown':
      return {
        code: 'FR306',
        at: scalar.at,
        message: `whether "${keys.at(-1)}" may stand in the clear follows from a rule of a form that is not read`,
      };
  }
}

const numbers: Readonly<Partial<Record<string, readonly [ScalarType, RegExp]>>> = {
  int: ['int', /^-?\d{1,40}$/],
  float: ['float', /^-?\d{1,400}(?:\.\d{1,400})?$/],
  bool: ['bool', /^(?:true|false)$/],
};

/** The value as a scalar; whoever encrypted it may have lied about its type, so numbers are looked at. */
function toScalar({ bytes, type }: DecryptedValue, { at }: ScalarNode): ScalarNode | undefined {
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  const typed = numbers[type];
  if (!typed) return stringNode(text, at);
  const plain = type === 'bool' ? text.toLowerCase() : text;
  return typed[1].test(plain)
    ? { kind: 'scalar', text: plain, style: 'plain', type: typed[0], at }
    : stringNode(text, at);
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unverified({ at }: ScalarNode, message: string): SecretFault {
  return { code: 'FR305', at, message };
}
