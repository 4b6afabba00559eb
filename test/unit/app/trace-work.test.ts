import { expect, it } from 'vitest';
import { createWorkTrace } from '../../../src/app/trace-work.ts';
import type { ConfigEngine } from '../../../src/reconciler/index.ts';
import type { Span, SpanAttributes } from '../../../src/runtime/index.ts';

/** Notes spans as paths when they end. */
function record() {
  const ended: string[] = [];
  const attributes: SpanAttributes[] = [];
  const under = (path: string): Span => ({
    begin(name, more = {}) {
      attributes.push(more);
      return under(`${path}/${name}`);
    },
    end: (failure) => void ended.push(failure === undefined ? path : `${path}: ${failure}`),
  });
  return { ended, attributes, tracer: under('') };
}

const signal = new AbortController().signal;

it('makes one trace of a poll that finds a commit and the pass that takes it up', async () => {
  const { ended, tracer } = record();
  const trace = createWorkTrace(tracer);
  const source = trace.source({ resolve: async () => 'c1' as never, read: async () => ({}) as never });
  const engine = trace.engine<Pick<ConfigEngine, 'load' | 'render' | 'publish'>>({
    load: async () => ({}) as never,
    render: async () => [],
    publish: async () => {
      throw new TypeError('exporters.otlp.headers: SECRET');
    },
  });
  await source.resolve(signal);
  await source.read('c1' as never, () => false, signal);
  const pass = trace.beginPass(['tick', 'revision']);
  trace.polled();
  const adopt = pass.begin('adopt');
  await engine.load({ revision: 'c1' } as never, new Map());
  adopt.end();
  const status = pass.begin('status');
  await expect(engine.publish('c1' as never, [])).rejects.toThrow();
  status.end();
  pass.end('TypeError');
  await engine.render([]);
  expect(ended).toEqual([
    '/poll/fetch',
    '/poll/read',
    '/poll',
    '/poll/pass/adopt/validate',
    '/poll/pass/adopt',
    '/poll/pass/status/publish: TypeError',
    '/poll/pass/status',
    '/poll/pass: TypeError',
  ]);
  trace.beginPass(['revision']).end();
  expect(ended.at(-1)).toBe('/pass');
});

it('says nothing of passes that only the clock asked for', () => {
  const { ended, tracer } = record();
  const trace = createWorkTrace(tracer);
  for (const reasons of [['tick'], ['report', 'tick']]) {
    const pass = trace.beginPass(reasons);
    pass.begin('offer').end();
    pass.end();
  }
  expect(ended).toEqual(['/pass/offer', '/pass']);
});

it('tells of requests to the Git host the host and no more', async () => {
  const { ended, attributes, tracer } = record();
  const send = createWorkTrace(tracer).fetch(async () => new Response());
  await send('https://user:SECRET@git.example/repos/acme/SECRET?token=SECRET', {
    method: 'POST',
    headers: { authorization: 'SECRET' },
  });
  expect(ended).toEqual(['/git host request']);
  expect(attributes).toEqual([{ 'server.address': 'git.example', 'http.request.method': 'POST' }]);
});
