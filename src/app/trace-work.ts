import type { GitSource } from '../git-source/index.ts';
import type { ConfigEngine } from '../reconciler/index.ts';
import { type Span, silentSpan, type Tracer, withinSpan } from '../runtime/index.ts';

type Source = Pick<GitSource, 'resolve' | 'read'>;

/** One trace for a commit: the poll that found it, what was fetched and read, and the pass that took it up with its steps. */
export interface WorkTrace {
  /** The fleet repo, whose polls are traces. */
  source(source: Source): Source;
  /** Ends the trace of a poll, if one is under way. */
  polled(): void;
  /** Validating, rendering and publishing as parts of the step that asks for them. */
  engine<Engine extends Pick<ConfigEngine, 'load' | 'render' | 'publish'>>(engine: Engine): Engine;
  /** Begins the span of a pass; one that only the clock asked for is not told. */
  beginPass(reasons: readonly string[]): Span;
  /** Requests to the Git host's API, by host and status: addresses may hold more. */
  fetch(send: typeof fetch): typeof fetch;
}

/** Polls and passes are each one at a time, so that what is under way needs no handing on. */
export function createWorkTrace(tracer: Tracer): WorkTrace {
  let poll: Span | undefined;
  let found: Span | undefined;
  let step = silentSpan;

  const endPoll = (failure?: string) => {
    poll?.end(failure);
    poll = undefined;
  };

  return {
    source: (source) => ({
      async resolve(signal) {
        endPoll();
        poll = tracer.begin('poll');
        return withinSpan(poll.begin('fetch'), () => source.resolve(signal));
      },
      async read(sha, known, signal) {
        found = poll ?? tracer.begin('poll');
        return withinSpan(found.begin('read', { 'muster.revision': sha }), () =>
          source.read(sha, known, signal),
        );
      },
    }),
    polled: endPoll,
    engine: (engine) => ({
      ...engine,
      load: (content, owners) =>
        withinSpan(step.begin('validate', { 'muster.revision': content.revision }), () =>
          engine.load(content, owners),
        ),
      render: (requests) =>
        withinSpan(step.begin('render configs', { 'muster.renderings': requests.length }), () =>
          engine.render(requests),
        ),
      publish: (revision, hashes) =>
        withinSpan(step.begin('publish', { 'muster.revision': revision }), () =>
          engine.publish(revision, hashes),
        ),
    }),
    beginPass(reasons) {
      if (reasons.every((reason) => reason === 'tick')) return silentSpan;
      const parent = reasons.includes('revision') ? found : undefined;
      if (parent) found = undefined;
      const pass = (parent ?? tracer).begin('pass', { 'muster.reasons': reasons.join(', ') });
      return {
        begin: (name, attributes) => beginStep(pass, name, attributes),
        end: (failure) => pass.end(failure),
      };
    },
    fetch: (send) => async (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      const span = tracer.begin('git host request', {
        'server.address': hostname,
        'http.request.method': method,
      });
      return withinSpan(span, () => send(input, init));
    },
  };

  function beginStep(pass: Span, ...[name, attributes]: Parameters<Span['begin']>): Span {
    const own = pass.begin(name, attributes);
    step = own;
    return {
      begin: (child, more) => own.begin(child, more),
      end(failure) {
        step = silentSpan;
        own.end(failure);
      },
    };
  }
}
