import { nodeFrom, renderYaml } from '../manifests/index.ts';

/** How a result is told to programs. */
export type DataFormat = 'json' | 'yaml';

/** How a result is told: to people, or to programs. */
export type OutputFormat = 'text' | DataFormat;

/** The result, plain data, as it was asked for, each line ended; `text` tells it to people. */
export function formatResult(format: OutputFormat, result: unknown, text: () => string): string {
  return format === 'text' ? text() : formatData(format, result);
}

/** The result, plain data, for programs. */
export function formatData(format: DataFormat, result: unknown): string {
  return format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : renderYaml(nodeFrom(result));
}
