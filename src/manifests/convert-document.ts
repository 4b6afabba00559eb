import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { ConfigNode, MapEntry, Position, ScalarNode, ScalarStyle } from '../model/index.ts';
import type { Conversion } from './conversion.ts';
import { mergeInto, takeAnchor } from './expand-aliases.ts';
import { parseFloat64, parseInteger, resolveScalarType } from './resolve-scalar.ts';
import { duplicateKeyProblem, syntaxProblem } from './yaml-problem.ts';

const loneSurrogate = /\p{Cs}/u;

const styles: Readonly<Record<string, ScalarStyle>> = {
  [Scalar.PLAIN]: 'plain',
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
  [Scalar.BLOCK_LITERAL]: 'literal',
  [Scalar.BLOCK_FOLDED]: 'folded',
};

/** Our node for a node of the parser; what cannot be read becomes null and a problem. */
export function convertNode(
  conversion: Conversion,
  node: unknown,
  depth: number,
  fallback: Position,
): ConfigNode {
  conversion.nodes += 1;
  if (conversion.nodes > conversion.limits.maxNodes) {
    conversion.overflowAt ??= fallback;
    return nullNode(fallback);
  }
  const at = positionOf(conversion, node) ?? fallback;
  if (isAlias(node)) return takeAnchor(conversion, node.source, depth, at);
  const name = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (name === undefined) return convertContent(conversion, node, depth, at);
  const { nodes, deepest } = conversion;
  conversion.anchors.set(name, 'open');
  conversion.deepest = depth;
  const result = convertContent(conversion, node, depth, at);
  const anchor = { node: result, size: conversion.nodes - nodes, height: conversion.deepest - depth };
  conversion.anchors.set(name, anchor);
  conversion.deepest = Math.max(deepest, conversion.deepest);
  return result;
}

function convertContent(conversion: Conversion, node: unknown, depth: number, at: Position): ConfigNode {
  if (isScalar(node)) return convertScalar(conversion, node, at);
  conversion.deepest = Math.max(conversion.deepest, depth);
  if (depth > conversion.limits.maxDepth) {
    conversion.problems.push(syntaxProblem(at, `nested more than ${conversion.limits.maxDepth} deep`));
    return nullNode(at);
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convertNode(conversion, item, depth + 1, at));
    return { kind: 'list', items, at };
  }
  if (isMap(node)) return { kind: 'map', entries: convertEntries(conversion, node, depth, at), at };
  return nullNode(at);
}

function convertScalar(conversion: Conversion, node: Scalar, at: Position): ScalarNode {
  const text = node.source ?? '';
  const style = styles[node.type ?? Scalar.PLAIN] ?? 'plain';
  const tag = node.tag?.replace(/^tag:yaml\.org,2002:/, '!!');
  if (loneSurrogate.test(text))
    conversion.problems.push(syntaxProblem(at, 'this text holds half a surrogate pair'));
  const type = resolveScalarType(text, style, tag);
  if (!type)
    conversion.problems.push(syntaxProblem(at, `this value is not a ${tag}; change the tag or the value`));
  const scalar = { kind: 'scalar', text, style, type: type ?? 'string', at } as const;
  return tag === undefined || tag === '!' ? scalar : { ...scalar, tag };
}

function convertEntries(conversion: Conversion, map: YAMLMap, depth: number, at: Position): MapEntry[] {
  const entries: MapEntry[] = [];
  const seen = new Map<string, Position>();
  let merge: { readonly value: ConfigNode; readonly index: number; readonly at: Position } | undefined;
  for (const pair of map.items) {
    const key = convertKey(conversion, pair, at);
    if (!key) continue;
    const value = convertNode(conversion, pair.value, depth + 1, key.at);
    const first = seen.get(key.text);
    if (first) conversion.problems.push(duplicateKeyProblem(key.at, key.text, first));
    else if (isMergeKey(key)) merge = { value, index: entries.length, at: key.at };
    else entries.push({ key, value });
    if (!first) seen.set(key.text, key.at);
  }
  if (merge) mergeInto(conversion, entries, merge);
  return entries;
}

function isMergeKey(key: ScalarNode): boolean {
  const untagged = key.tag === undefined && key.style === 'plain';
  return key.text === '<<' && (untagged || key.tag === '!!merge');
}

function convertKey(conversion: Conversion, pair: Pair, parent: Position): ScalarNode | undefined {
  const at = positionOf(conversion, pair.key) ?? parent;
  const key = convertNode(conversion, pair.key, 0, at);
  if (key.kind !== 'scalar') {
    conversion.problems.push(
      syntaxProblem(
        at,
        'a key must be a single value, not a map or a list; templates such as {{ … }} are not evaluated',
      ),
    );
    return undefined;
  }
  switch (key.type) {
    case 'string':
      return { ...key, at };
    case 'bool':
      return { ...plainKey(key, key.text.toLowerCase()), at };
    case 'int':
      return { ...plainKey(key, parseInteger(key.text).toString()), at };
    case 'float':
      return { ...plainKey(key, String(parseFloat64(key.text))), at };
    default:
      conversion.problems.push(
        syntaxProblem(at, `a key must not be a ${key.type}; quote it, or name the key`),
      );
      return undefined;
  }
}

/** The collector turns keys of other types into the text of their value, which is then the key's name. */
function plainKey(key: ScalarNode, text: string): ScalarNode {
  return { kind: 'scalar', text, style: 'double', type: 'string', at: key.at };
}

function positionOf(conversion: Conversion, node: unknown): Position | undefined {
  if (!isAlias(node) && !isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  return node.range ? conversion.source.position(node.range[0]) : undefined;
}

function nullNode(at: Position): ScalarNode {
  return { kind: 'scalar', text: '', style: 'plain', type: 'null', at };
}
