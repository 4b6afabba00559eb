import { createRequire } from 'node:module';

/** One field of a message as the foreign codec describes it. */
interface ForeignField {
  readonly localName: string;
  readonly number: number;
  readonly fieldKind: 'scalar' | 'enum' | 'message' | 'list' | 'map';
  readonly listKind?: 'scalar' | 'enum' | 'message';
  readonly mapKind?: 'scalar' | 'enum' | 'message';
  readonly scalar?: number;
  readonly mapKey?: number;
  readonly message?: ForeignSchema;
  readonly oneof?: { readonly localName: string };
}

/** One message type of the foreign codec. */
export interface ForeignSchema {
  readonly typeName: string;
  readonly fields: readonly ForeignField[];
}

interface ForeignCodec {
  create(schema: ForeignSchema, value: object): object;
  toBinary(schema: ForeignSchema, message: object): Uint8Array;
  fromBinary(schema: ForeignSchema, bytes: Uint8Array, options: object): Record<string, unknown>;
}

type Dice = (limit: number) => number;

const require = createRequire(import.meta.url);
const home = createRequire(require.resolve('@elastic/mockopampserver'));
const codec = home('@bufbuild/protobuf') as ForeignCodec;
const schemas = home('./generated/opamp_pb.js') as Record<string, ForeignSchema>;
const scalar = {
  double: 1,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
};
const names = ['receivers', 'exporters', 'otlp', '', '__proto__', 'constructor'];
const strings = ['', 'a', 'service.name', '__proto__', '\u{1f600}', 'x'.repeat(300)];

/** The types of the two messages that go over the wire. */
export const agentToServerSchema = schemas.AgentToServerSchema as ForeignSchema;
export const serverToAgentSchema = schemas.ServerToAgentSchema as ForeignSchema;

/** Decodes as the foreign codec does; undefined where it refuses. Fields that it does not know are dropped. */
export function decodeForeign(schema: ForeignSchema, data: Uint8Array): Record<string, unknown> | undefined {
  try {
    return codec.fromBinary(schema, new Uint8Array(data), { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

/** Bytes that are read as a message, field by field. */
interface Fields {
  next(): { readonly number: number; readonly wire: number; readonly body: Uint8Array } | undefined;
}

function readFields(data: Uint8Array): Fields {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = data[at];
      if (byte === undefined) throw new RangeError('cut');
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    at += length;
    if (at > data.length) throw new RangeError('cut');
    return data.subarray(at - length, at);
  };
  return {
    next() {
      if (at >= data.length) return undefined;
      const tag = varint();
      const wire = tag % 8;
      const number = Math.floor(tag / 8);
      if (wire === 0) varint();
      else if (wire !== 1 && wire !== 2 && wire !== 5) throw new RangeError('a group');
      const length = wire === 2 ? varint() : wire === 0 ? 0 : wire === 1 ? 8 : 4;
      return { number, wire, body: take(length) };
    },
  };
}

function wireOf(kind: string | undefined, scalarType: number | undefined): number {
  if (kind === 'message') return 2;
  if (kind === 'enum') return 0;
  if (scalarType === scalar.double || scalarType === scalar.fixed64) return 1;
  return scalarType === scalar.string || scalarType === scalar.bytes ? 2 : 0;
}

/** Whether a field's bytes are of its type, all the way down. */
function isOfType(field: ForeignField, wire: number, body: Uint8Array): boolean {
  switch (field.fieldKind) {
    case 'list':
      if (field.listKind === 'message') return wire === 2 && isWellTyped(field.message, body);
      return wire === wireOf(field.listKind, field.scalar) || wire === 2;
    case 'map': {
      const value = { ...field, fieldKind: field.mapKind ?? 'scalar', number: 2 } as ForeignField;
      const key = { fieldKind: 'scalar', number: 1, localName: 'key' } as const;
      const fields = [field.mapKey === undefined ? key : { ...key, scalar: field.mapKey }, value];
      return wire === 2 && isWellTyped({ typeName: '', fields }, body);
    }
    case 'message':
      return wire === 2 && isWellTyped(field.message, body);
    case 'scalar':
    case 'enum':
      return wire === wireOf(field.fieldKind, field.scalar);
  }
}

/**
 * Whether every known field is of the wire type that its number has, in nested messages too. Where one is not, the
 * foreign codec reads on behind the end of the message that holds it, and what it says then is no measure.
 */
export function isWellTyped(schema: ForeignSchema | undefined, data: Uint8Array): boolean {
  try {
    const fields = readFields(data);
    for (let read = fields.next(); read; read = fields.next()) {
      const { number, wire, body } = read;
      const field = schema?.fields.find((one) => one.number === number);
      if (number === 0 || (field && !isOfType(field, wire, body))) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The bytes as the foreign codec writes what it understood of them. */
export function throughForeign(schema: ForeignSchema, data: Uint8Array): Uint8Array {
  const message = codec.fromBinary(schema, new Uint8Array(data), { readUnknownFields: false });
  return codec.toBinary(schema, message);
}

/** A message of this type with random fields, every one of the specification's among them, encoded by the foreign codec. */
export function encodeRandomForeign(schema: ForeignSchema, dice: Dice, fixed: object): Uint8Array {
  const value = { ...randomValue(schema, dice, 0), ...fixed };
  return codec.toBinary(schema, codec.create(schema, value));
}

function randomValue(schema: ForeignSchema, dice: Dice, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of schema.fields) {
    if (dice(3) === 0 || (depth > 5 && field.message)) continue;
    const member = randomMember(field, dice, depth);
    if (field.oneof) value[field.oneof.localName] = { case: field.localName, value: member };
    else value[field.localName] = member;
  }
  return value;
}

function randomMember(field: ForeignField, dice: Dice, depth: number): unknown {
  const one = (): unknown =>
    field.message ? randomValue(field.message, dice, depth + 1) : randomScalar(field.scalar, dice);
  if (field.fieldKind === 'list') return Array.from({ length: dice(3) }, one);
  if (field.fieldKind === 'map')
    return Object.fromEntries(Array.from({ length: dice(3) }, () => [names[dice(names.length)], one()]));
  return one();
}

function randomScalar(type: number | undefined, dice: Dice): unknown {
  switch (type) {
    case scalar.string:
      return strings[dice(strings.length)];
    case scalar.bytes:
      return Uint8Array.from({ length: dice(40) }, () => dice(256));
    case scalar.bool:
      return dice(2) === 0;
    case scalar.double:
      return dice(1000) / 8;
    case scalar.uint64:
    case scalar.fixed64:
      return (BigInt(dice(0x7fffffff)) << BigInt(dice(33))) | BigInt(dice(1000));
    case scalar.int64:
      return BigInt(dice(0x7fffffff)) - 0x3fffffffn;
    default:
      return dice(5);
  }
}
