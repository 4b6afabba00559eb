import { Hono } from 'hono';
import type { Plan } from '../../model/index.ts';
import type { ApiEnv } from '../api-env.ts';
import { problemResponse } from '../problem-response.ts';

/** Plans of open pull requests; they tell of every tenant, so that a token of one sees none. */
export function planRoutes(planOf: (sha: string) => Plan | undefined): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/plans/:sha', (context) => {
    const plan = context.get('grant').tenant === '*' ? planOf(context.req.param('sha')) : undefined;
    return plan ? context.json(plan) : problemResponse(404, 'no open pull request with this head is planned');
  });
  return routes;
}
