import type { GitSource } from '../git-source/index.ts';
import type { Metrics } from '../http-api/index.ts';
import type { Clock } from '../runtime/index.ts';

/** The fleet repo as the poller reads it, with its times in the metrics. */
export function measureSource(
  source: Pick<GitSource, 'resolve' | 'read'>,
  metrics: Pick<Metrics, 'observeGit'>,
  clock: Clock,
): Pick<GitSource, 'resolve' | 'read'> {
  const measure = async <Result>(operation: 'resolve' | 'read', work: Promise<Result>): Promise<Result> => {
    const startedAt = clock.monotonic();
    let failed = true;
    try {
      const result = await work;
      failed = false;
      return result;
    } finally {
      metrics.observeGit(operation, clock.monotonic() - startedAt, failed);
    }
  };
  return {
    resolve: (signal) => measure('resolve', source.resolve(signal)),
    read: (sha, known, signal) => measure('read', source.read(sha, known, signal)),
  };
}

/** `fetch` as the Git host's API is asked, with its times in the metrics. */
export function measureFetch(metrics: Pick<Metrics, 'observeHost'>, clock: Clock): typeof fetch {
  return async (input, init) => {
    const startedAt = clock.monotonic();
    let outcome = 'failed';
    try {
      const response = await fetch(input, init);
      outcome = `${Math.floor(response.status / 100)}xx`;
      return response;
    } finally {
      metrics.observeHost(outcome, clock.monotonic() - startedAt);
    }
  };
}
