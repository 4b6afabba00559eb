/**
 * What a component's setting may hold. Null fits every shape, since the collector takes an empty key for a setting that
 * was left out; so does a value with `${…}`, which only the agent knows.
 */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'integer'; readonly least?: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly anyCase?: true }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'map'; readonly value: Shape }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] }
  | DatedShape
  | SettingsShape;

/** A setting that only some releases of the component know. */
export interface DatedShape {
  readonly kind: 'dated';
  readonly shape: Shape;
  /** The first release that knows it: 156 for 0.156. */
  readonly since?: number;
  /** The first release that does not know it any more. */
  readonly until?: number;
  /** What to use instead, where there is something. */
  readonly instead?: string;
}

/** A block of named settings; a name that is not among them is a mistake unless the block is open. */
export interface SettingsShape {
  readonly kind: 'settings';
  readonly fields: Readonly<Record<string, Shape>>;
  /** Names that must be set to something that is not empty. */
  readonly required: readonly string[];
  /** Groups of which exactly one name, or at least one, must be set. */
  readonly groups: readonly FieldGroup[];
  readonly isOpen: boolean;
}

/** Names that exclude each other (`at most one`), of which one is needed (`at least one`), or both (`exactly one`). */
export interface FieldGroup {
  readonly count: 'exactly one' | 'at least one' | 'at most one';
  readonly names: readonly string[];
}

/** What holds for a block as a whole. */
export type SettingsRules = Partial<Pick<SettingsShape, 'required' | 'groups'>>;

export type Fields = Readonly<Record<string, Shape>>;

export const any: Shape = { kind: 'any' };
export const bool: Shape = { kind: 'bool' };
export const int: Shape = { kind: 'integer' };
/** A whole number that is not negative. */
export const uint: Shape = { kind: 'integer', least: 0 };
export const float: Shape = { kind: 'number' };
export const text: Shape = { kind: 'text' };
/** Text that Go's `time.ParseDuration` reads, such as `5s`; a bare number counts nanoseconds. */
export const duration: Shape = { kind: 'duration' };

/** One of these words, spelled like this. */
export function choice(...values: readonly string[]): Shape {
  return { kind: 'choice', values };
}

/** One of these words in any spelling of upper and lower case. */
export function word(...values: readonly string[]): Shape {
  return { kind: 'choice', values, anyCase: true };
}

/** A list whose items all have one shape. */
export function listOf(item: Shape): Shape {
  return { kind: 'list', item };
}

/** A map whose keys are the user's own. */
export function mapOf(value: Shape): Shape {
  return { kind: 'map', value };
}

/** Any of several forms of the same setting. */
export function either(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes };
}

/** A block of settings. */
export function settings(fields: Fields, rules: SettingsRules = {}): SettingsShape {
  return {
    kind: 'settings',
    fields,
    required: rules.required ?? [],
    groups: rules.groups ?? [],
    isOpen: false,
  };
}

/** A block that is used only where it is written, and that `enabled: false` takes back. */
export function optional(fields: Fields, rules: SettingsRules = {}): SettingsShape {
  return settings({ enabled: bool, ...fields }, rules);
}

/** A block of which only some settings are known: the others are never judged. */
export function openSettings(fields: Fields, rules: SettingsRules = {}): SettingsShape {
  return { ...settings(fields, rules), isOpen: true };
}

/** A setting that came with a release. */
export function since(release: number, shape: Shape): Shape {
  return { kind: 'dated', shape, since: release };
}

/** A setting that went with a release. */
export function until(release: number, shape: Shape, instead?: string): Shape {
  return { kind: 'dated', shape, until: release, ...(instead === undefined ? {} : { instead }) };
}

/** At least one of these must be set. */
export function atLeastOne(...names: readonly string[]): FieldGroup {
  return { count: 'at least one', names };
}

/** One of these must be set, and no other. */
export function exactlyOne(...names: readonly string[]): FieldGroup {
  return { count: 'exactly one', names };
}

/** These exclude each other. */
export function atMostOne(...names: readonly string[]): FieldGroup {
  return { count: 'at most one', names };
}
