import { Hono } from 'hono';
import type { PlanView } from '../../model/index.ts';
import type { ApiEnv } from '../api-env.ts';
import type { PlanDesk } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

/** Plans of open pull requests; they tell of every tenant, so that a token of one sees none. */
export function planRoutes(plans: PlanDesk): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.use('/plans/*', async (context, next) =>
    context.get('grant').tenant === '*' ? next() : notPlanned(),
  );
  routes.get('/plans/:sha', (context) => {
    const plan = plans.of(context.req.param('sha'));
    if (!plan) return notPlanned();
    return context.json(context.req.query('include') === 'summary' ? withoutTexts(plan) : plan);
  });
  routes.get('/plans/:sha/diff', (context) => {
    const plan = plans.of(context.req.param('sha'));
    if (!plan) return notPlanned();
    const { tenant, config, before = '', after = '' } = context.req.query();
    const found = plan.diffs.find(
      (one) =>
        (one.before ?? '') === before &&
        (one.after ?? '') === after &&
        (tenant === undefined || tenant === one.tenant) &&
        (config === undefined || config === one.config),
    );
    return found ? context.json(found) : problemResponse(404, 'the plan has no such change');
  });
  routes.post('/plans/:sha/refresh', (context) => {
    if (context.get('grant').role !== 'operator') return problemResponse(403, 'this needs the role operator');
    return plans.refresh(context.req.param('sha')) ? context.json({ done: true }, 202) : notPlanned();
  });
  return routes;
}

/** Texts of changes are asked for one by one. */
function withoutTexts(plan: PlanView): PlanView {
  return { ...plan, diffs: plan.diffs.map((one) => ({ ...one, diff: '' })) };
}

function notPlanned(): Response {
  return problemResponse(404, 'no open pull request with this head is planned');
}
