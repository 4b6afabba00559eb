import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './api-env.ts';
import { problemResponse } from './problem-response.ts';

/** Answers that are kept; of more, the oldest goes. */
const maxKept = 1_000;
const keptMs = 10 * 60_000;

interface Kept {
  /** Of what was asked: the same key for something else is a mistake. */
  readonly asked: string;
  readonly at: number;
  readonly answer: Promise<{ readonly status: number; readonly type: string; readonly body: string }>;
}

/**
 * Makes a write with an `Idempotency-Key` happen once: whoever repeats it within ten minutes gets the first answer, also
 * while that one is on its way. Keys are each caller's own; a fault of ours is not kept.
 */
export function onceByKey({ now }: { readonly now: () => number }): MiddlewareHandler<ApiEnv> {
  const kept = new Map<string, Kept>();
  const forgetOld = () => {
    for (const [key, { at }] of kept) {
      if (kept.size <= maxKept && now() - at < keptMs) return;
      kept.delete(key);
    }
  };
  return async (context, next) => {
    const key = context.req.header('idempotency-key');
    if (key === undefined || context.req.method === 'GET') return next();
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      return problemResponse(400, 'Idempotency-Key must be 1 to 200 characters');
    forgetOld();
    const { name, tenant, role } = context.get('grant');
    const own = JSON.stringify([name, tenant, role, key]);
    const asked = digest([context.req.method, context.req.path, await context.req.text()]);
    const known = kept.get(own);
    if (known && known.asked !== asked)
      return problemResponse(422, 'this Idempotency-Key was used for something else');
    if (known) {
      const { status, type, body } = await known.answer;
      return new Response(body, {
        status,
        headers: { 'content-type': type, 'idempotency-replayed': 'true' },
      });
    }
    const run = async () => {
      await next();
      const { status, headers } = context.res;
      return { status, type: headers.get('content-type') ?? '', body: await context.res.clone().text() };
    };
    const answer = run();
    kept.set(own, { asked, at: now(), answer });
    const forget = () => kept.get(own)?.answer === answer && kept.delete(own);
    await answer.then(({ status }) => status >= 500 && forget(), forget);
    await answer;
    return undefined;
  };
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
