import { type Context, Hono } from 'hono';
import type { ApiEnv } from '../api-env.ts';
import { problemResponse } from '../problem-response.ts';
import type { Page, PageFile } from './read-page.ts';

/** No inline script or style, nothing from elsewhere, in nobody's frame. */
const policy = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const security = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What is the API's or a probe's and never the page's, whether or not there is such a resource. */
const elsewhere = /^\/(?:api|webhooks|metrics|healthz|readyz)(?:\/|$)/;

/**
 * The web page: assets by their exact name, kept for ever; `index.html` for every other address, for the page knows its
 * own. `basePath` is where it is mounted, `/` or `/muster/`.
 */
export function pageRoutes(page: Page | undefined, basePath: string): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const index = page?.index.replace('<base href="/">', `<base href="${basePath}">`);
  routes.get('/assets/*', (context) => {
    const file = page?.assets.get(context.req.path.slice(1));
    return file ? sendFile(context, file) : problemResponse(404, 'no such asset');
  });
  routes.get('*', async (context, next) => {
    if (elsewhere.test(context.req.path)) return next();
    if (index === undefined) return problemResponse(404, 'the page was not built: npm run build makes it');
    return context.body(index, 200, {
      ...security,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
  });
  return routes;
}

function sendFile(context: Context<ApiEnv>, file: PageFile): Response {
  const accepted = context.req.header('accept-encoding') ?? '';
  const [encoding, body] =
    file.br && /\bbr\b/.test(accepted)
      ? ['br', file.br]
      : file.gzip && /\bgzip\b/.test(accepted)
        ? ['gzip', file.gzip]
        : [undefined, file.body];
  return context.body(body, 200, {
    ...security,
    'content-type': file.type,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  });
}
