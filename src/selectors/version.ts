import { coerce, Range, validRange } from 'semver';

/** Whether `text` is a semver range such as `>=0.140.0 <0.160.0`; blank text is not. */
export function isVersionRange(text: string): boolean {
  return text.trim() !== '' && validRange(text) !== null;
}

/**
 * A matcher of versions as agents report them: the first number of up to three parts in the value counts
 * (`v0.144`, `otelcol 0.144.0-elastic.1`), pre-release tags do not; a value without a number never matches.
 * Throws a `TypeError` where `isVersionRange` is false.
 */
export function compileVersionRange(range: string): (value: string) => boolean {
  const compiled = new Range(range);
  return (value) => {
    const version = coerce(value);
    return version !== null && compiled.test(version);
  };
}
