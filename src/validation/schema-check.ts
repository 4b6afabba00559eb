import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { toPlain } from '../manifests/index.ts';
import type { ConfigNode, Kind, Position, Problem } from '../model/index.ts';
import { closestWord } from '../selectors/index.ts';
import { repoProblem } from './problem.ts';
import { kindSchemas } from './schemas/index.ts';

/** Checks documents against the schema of their kind. */
export interface SchemaChecker {
  /** Problems with the position of the key or value at fault; none means that the document has the right form. */
  check(kind: Kind, document: ConfigNode): readonly Problem[];
}

/** Errors told of one document; whoever has more mends these first. */
const maxErrors = 50;

/** Compiles the schemas once; selectors are left to `parseSelector`, which explains them better. */
export function createSchemaChecker(): SchemaChecker {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strict: true,
    strictRequired: false,
    // They are ours, and a test does it: to compile the meta-schema takes longer than all of them.
    validateSchema: false,
  });
  const compiled = new Map<Kind, ValidateFunction>();
  return {
    check(kind, document) {
      let validate = compiled.get(kind);
      if (!validate) compiled.set(kind, (validate = ajv.compile(kindSchemas[kind])));
      if (validate(toPlain(document))) return [];
      const errors = (validate.errors ?? []).filter(isTold).slice(0, maxErrors);
      return errors.map((error) => describeError(error, document));
    },
  };
}

function isTold(error: ErrorObject): boolean {
  if (error.schemaPath.includes('definitions/selector')) return false;
  // The branches of oneOf are told as one sentence, and propertyNames repeats what its inner keyword says.
  return !/\/oneOf\/\d/.test(error.schemaPath) && error.keyword !== 'propertyNames';
}

function describeError(error: ErrorObject, document: ConfigNode): Problem {
  const keys = error.instancePath.split('/').slice(1).map(unescapePointer);
  const where = keys.length === 0 ? 'this document' : `"${cut(formatKeys(keys))}"`;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      return unknownKey(error, locate(document, [...keys, key], 'key'), key, where);
    }
    case 'required':
      return repoProblem(
        'FR007',
        locate(document, keys, 'key'),
        `${where} needs "${String(params.missingProperty)}"${missingHint(params.missingProperty)}`,
      );
    case 'oneOf':
      return repoProblem(
        'FR006',
        locate(document, keys, 'key'),
        `${where} needs exactly one of ${branchKeys(error)}`,
      );
    default:
      break;
  }
  if (error.propertyName !== undefined) {
    const at = locate(document, [...keys, error.propertyName], 'key');
    return repoProblem('FR006', at, `key "${cut(error.propertyName)}" ${reason(error)}`);
  }
  return repoProblem('FR006', locate(document, keys, 'value'), `${where} ${reason(error)}`);
}

function unknownKey(error: ErrorObject, at: Position, key: string, where: string): Problem {
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
  const nearest = closestWord(key, known);
  const place = where === 'this document' ? '' : ` in ${where}`;
  const hint = nearest === undefined ? ` (known: ${known.join(', ')})` : `. Did you mean "${nearest}"?`;
  const extra = nearest === undefined ? {} : { suggestion: nearest };
  return repoProblem('FR005', at, `unknown key "${cut(key)}"${place}${hint}`, extra);
}

function branchKeys(error: ErrorObject): string {
  const branches = error.schema as readonly { readonly required?: readonly string[] }[];
  return branches.flatMap((branch) => branch.required ?? []).join(', ');
}

function reason(error: ErrorObject): string {
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'type':
      return `must be ${[params.type]
        .flat()
        .map((type) => typeWords[String(type)] ?? String(type))
        .join(' or ')}${quoteHint(error)}`;
    case 'enum':
      return oneOf(params.allowedValues as readonly unknown[], error.data);
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'pattern':
      return patternReason(error);
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return 'must not be empty';
    case 'maxItems':
      return `may have at most ${String(params.limit)} entries`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return error.schemaPath.includes('definitions/duration')
        ? 'needs a unit: 30s, 5m, 1h'
        : `must be ${String(params.comparison)} ${String(params.limit)}`;
    default:
      return error.message ?? 'has the wrong form';
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function quoteHint(error: ErrorObject): string {
  const wantsText = [(error.params as { type: unknown }).type].flat().includes('string');
  const isScalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  return wantsText && isScalar ? '; put it in quotes' : '';
}

function oneOf(allowed: readonly unknown[], value: unknown): string {
  const words = allowed.map(String);
  const nearest = typeof value === 'string' ? closestWord(value, words) : undefined;
  return `must be one of ${words.join(', ')}${nearest === undefined ? '' : `. Did you mean "${nearest}"?`}`;
}

// Patterns say little to people; the description of the field says what is wanted.
function patternReason(error: ErrorObject): string {
  const description = (error.parentSchema as { readonly description?: string } | undefined)?.description;
  const wanted =
    description === undefined ? `must match ${String((error.params as { pattern: unknown }).pattern)}` : '';
  return wanted || `does not have the right form: ${description}`;
}

/** The position of the node at these keys, or of the nearest one above it that exists. */
function locate(document: ConfigNode, keys: readonly string[], prefer: 'key' | 'value'): Position {
  let node = document;
  let at = document.at;
  for (const key of keys) {
    if (node.kind === 'map') {
      const entry = node.entries.find((candidate) => candidate.key.text === key);
      if (!entry) return at;
      at = prefer === 'key' ? entry.key.at : entry.value.at;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item = node.items[Number(key)];
      if (!item) return at;
      at = item.at;
      node = item;
    }
  }
  return at;
}

function formatKeys(keys: readonly string[]): string {
  return keys
    .map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : `${index > 0 ? '.' : ''}${key}`))
    .join('');
}

function missingHint(key: unknown): string {
  return key === 'selector' || key === 'when' ? '; {} would be every agent' : '';
}

function unescapePointer(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
