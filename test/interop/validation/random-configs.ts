/** A source of numbers in [0, 1) that gives the same ones for the same seed. */
export type Random = () => number;

/** A linear congruential source; good enough to vary configs. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const settings: Readonly<Record<string, string>> = {
  otlp: '{protocols: {grpc: {}}}',
  memory_limiter: '{check_interval: 1s, limit_mib: 100}',
};
const mistakes = ['oltp', 'nope', 'bach', 'otlp/', 'a b', 'x+y'];

/** One small config of components that the interop collector has; about every fifth is fine, the others have mistakes. */
export function composeRandomConfig(random: Random): string {
  const some = (all: readonly string[], share: number) => all.filter(() => random() < share);
  const rarely = (share: number, text: string, otherwise: string) => (random() < share ? text : otherwise);
  const receivers = some(['otlp', 'nop', 'nop/a'], 0.9);
  const processors = some(['batch', 'memory_limiter', 'batch/2', 'probabilistic_sampler'], 0.5);
  const exporters = some(['debug', 'nop', 'debug/b'], 0.9);
  const connectors = some(['forward', 'forward/x', 'span_metrics'], 0.25);
  const section = (ids: readonly string[]) =>
    `{${ids.map((id) => `${id}: ${settings[id] ?? '{}'}`).join(', ')}}`;
  const references = (ids: readonly string[]) => {
    const chosen = some(ids, 0.6);
    if (random() < 0.01) chosen.push(mistakes[Math.floor(random() * mistakes.length)]!);
    if (random() < 0.01 && chosen[0]) chosen.push(chosen[0]);
    return `[${chosen.join(', ')}]`;
  };
  const pipelines = some(['traces', 'metrics', 'logs', 'traces/2', 'logs/2'], 0.45).map((id) => {
    const ends = `receivers: ${rarely(0.01, 'otlp', references([...receivers, ...connectors]))}, exporters: ${references([...exporters, ...connectors])}`;
    return `${rarely(0.01, 'trace', id)}: {${ends}, processors: ${rarely(0.05, '', references(processors))}}`;
  });
  return [
    `receivers: ${section(receivers)}`,
    `processors: ${section(processors)}`,
    `exporters: ${section(exporters)}`,
    `connectors: ${section(connectors)}`,
    `service: {${rarely(0.03, 'extensions: [health_check], ', '')}pipelines: {${pipelines.join(', ')}}}`,
    '',
  ].join('\n');
}
