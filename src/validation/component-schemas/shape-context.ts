import type { ConfigNode } from '../../model/index.ts';

/** Releases `0.<n>` from the lowest to the highest, both included. */
export interface Releases {
  readonly lowest: number;
  readonly highest: number;
}

/** Where a shape is checked. */
export interface ShapeContext {
  /** `exporter otlp_grpc`. */
  readonly subject: string;
  /** Names from the component's own settings down to here, `sending_queue.batch`; empty at the top. */
  readonly path: string;
  /** The releases that the agents run, where they are known. */
  readonly releases: Releases | undefined;
  /** Whether only the agent knows this value, such as `${env:NAME}`. */
  readonly isHidden: (node: ConfigNode) => boolean;
}

/** The context of a setting, or of a list's item (`[0]`). */
export function below(context: ShapeContext, name: string): ShapeContext {
  const isJoined = context.path === '' || name.startsWith('[');
  return { ...context, path: isJoined ? `${context.path}${name}` : `${context.path}.${name}` };
}

/** `exporter otlp_grpc`, or `"sending_queue.batch" of exporter otlp_grpc`. */
export function nameOf({ subject, path }: ShapeContext): string {
  return path === '' ? subject : `"${path}" of ${subject}`;
}
