import type { SettingsShape, Shape } from '../../../src/validation/component-schemas/index.ts';

/** A value that fits a shape, every known setting included; undefined where the schema says nothing. */
export function sampleOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'any':
      return undefined;
    case 'bool':
      return true;
    case 'integer':
    case 'number':
      return 1;
    case 'text':
      return 'x';
    case 'duration':
      return '5s';
    case 'choice':
      return shape.values.find(Boolean);
    case 'list':
      return [sampleOf(shape.item)].filter((item) => item !== undefined);
    case 'map':
      return isNamedByRelease(shape.value) ? {} : { key: sampleOf(shape.value) ?? {} };
    case 'either':
      return sampleOf(shape.shapes[0] ?? { kind: 'any' });
    case 'dated':
      return shape.until === undefined ? sampleOf(shape.shape) : undefined;
    case 'settings':
      return sampleSettings(shape);
  }
}

function sampleSettings(shape: SettingsShape): Record<string, unknown> {
  const entries = Object.entries(shape.fields).map(([name, field]) => [name, sampleOf(field)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The same, with a value of the wrong type in every place where the schema wants one. */
export function wrongSampleOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'any':
      return undefined;
    case 'bool':
    case 'integer':
    case 'number':
      return 'wrong';
    case 'text':
    case 'choice':
    case 'duration':
      return true;
    case 'list':
      return shape.item.kind === 'settings' ? [wrongSampleOf(shape.item)] : { wrong: true };
    case 'map':
      return ['wrong'];
    case 'either':
      return true;
    case 'dated':
      return shape.until === undefined ? wrongSampleOf(shape.shape) : undefined;
    case 'settings': {
      const entries = Object.entries(shape.fields).map(
        ([name, field]) => [name, wrongSampleOf(field)] as const,
      );
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
  }
}

/** Metrics and attributes that are switched by name: the names differ from release to release. */
function isNamedByRelease(shape: Shape): boolean {
  return shape.kind === 'settings' && shape.isOpen && 'enabled' in shape.fields;
}
