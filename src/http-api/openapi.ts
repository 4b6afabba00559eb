const list = (summary: string, parameters: readonly string[] = []) => ({
  get: {
    summary,
    parameters: parameters.map(queryParameter),
    responses: { 200: { description: 'items, total, next' } },
  },
});

const one = (summary: string, ...names: readonly string[]) => ({
  get: {
    summary,
    parameters: names.map(pathParameter),
    responses: { 200: { description: summary }, 404: { description: 'not seen, or of another tenant' } },
  },
});

/** A write that is repeated with the same key happens once. */
const idempotencyKey = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } };

const act = (summary: string, ...names: readonly string[]) => ({
  post: {
    summary,
    parameters: [...names.map(pathParameter), idempotencyKey],
    requestBody: {
      content: {
        'application/json': { schema: { type: 'object', properties: { reason: { type: 'string' } } } },
      },
    },
    responses: {
      202: { description: 'accepted' },
      400: { description: 'no JSON, or no reason' },
      403: { description: 'needs the role operator' },
      409: { description: 'it is another by now: look again' },
      413: { description: 'the body is too large' },
      422: { description: 'the Idempotency-Key was used for something else' },
    },
  },
});

/** A resource with parameters of its query. */
const withQuery = ({ get }: ReturnType<typeof one>, ...names: readonly string[]) => ({
  get: { ...get, parameters: [...get.parameters, ...names.map(queryParameter)] },
});

const text = { type: 'string' } as const;
const revision = {
  ...text,
  description:
    'the commit that was looked at, in full or its first seven characters and more: 409 where it is another by now',
};

/** An act whose body holds more than a reason. */
const actWith = (extra: Readonly<Record<string, object>>, summary: string, ...names: readonly string[]) => {
  const { post } = act(summary, ...names);
  const schema = { type: 'object', properties: { reason: text, ...extra } };
  return { post: { ...post, requestBody: { content: { 'application/json': { schema } } } } };
};

const remove = (summary: string, ...names: readonly string[]) => ({ delete: act(summary, ...names).post });

function queryParameter(name: string) {
  return { name, in: 'query', schema: { type: 'string' } };
}

function pathParameter(name: string) {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

const session = {
  get: { summary: 'Who is signed in', responses: { 200: { description: 'name, role, tenant' } } },
  post: {
    summary: 'Swaps a token for a session in a cookie',
    security: [],
    requestBody: {
      content: {
        'application/json': { schema: { type: 'object', properties: { token: { type: 'string' } } } },
      },
    },
    responses: {
      204: { description: 'signed in' },
      401: { description: 'the token is not known' },
      429: { description: 'too many failed attempts' },
    },
  },
  delete: { summary: 'Ends the session', responses: { 204: { description: 'signed out' } } },
};

const redirect = (summary: string, parameters: readonly string[]) => ({
  get: {
    summary,
    security: [],
    parameters: parameters.map((name) => ({ name, in: 'query', schema: text })),
    responses: { 302: { description: 'goes on; to the sign-in page with fault=… where it cannot' } },
  },
});

const waysToSignIn = {
  get: {
    summary: 'How people may sign in to the page',
    security: [],
    responses: { 200: { description: 'token, singleSignOn' } },
  },
};

/** The API described for machines (OpenAPI 3.1). */
export const openApi = {
  openapi: '3.1.0',
  info: { title: 'Muster', version: '1', description: 'GitOps for agent fleets' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  security: [{ bearer: [] }],
  paths: {
    '/api/v1/fleet': one('The fleet in numbers'),
    '/api/v1/tenants': list('Tenants', ['q', 'state', 'sort', 'limit', 'cursor']),
    '/api/v1/tenants/{tenant}': one('One tenant', 'tenant'),
    '/api/v1/agents': list('Agents', [
      'tenant',
      'selector',
      'delivery',
      'health',
      'connected',
      'config',
      'sync',
      'problem',
      'version',
      'rollout',
      'step',
      'standing',
      'revision',
      'hash',
      'q',
      'uids',
      'facets',
      'sort',
      'limit',
      'cursor',
    ]),
    '/api/v1/agents/{uid}': one('One agent', 'uid'),
    '/api/v1/agents/{uid}/diff': one('Desired against effective', 'uid'),
    '/api/v1/agents/{uid}/why': one('Which AgentConfigs match an agent or not, and why', 'uid'),
    '/api/v1/configs/{tenant}/{config}': one(
      'One AgentConfig: layers, renderings, what builds lack',
      'tenant',
      'config',
    ),
    '/api/v1/configs/{tenant}/{config}/desired': withQuery(
      one(
        'What an AgentConfig comes to: text without secrets, who set which line, pipelines',
        'tenant',
        'config',
      ),
      'hash',
    ),
    '/api/v1/find': list('Agents, tenants, configs and revisions by some letters', ['q']),
    '/api/v1/session': session,
    '/api/v1/sign-in': waysToSignIn,
    '/api/v1/sign-in/oidc': redirect('Sends a browser to the OpenID provider', ['to']),
    '/api/v1/sign-in/oidc/callback': redirect('Where the OpenID provider sends it back to', [
      'state',
      'code',
      'error',
      'iss',
    ]),
    '/api/v1/revisions': list('Revisions taken up, newest first', ['tenant', 'state', 'limit', 'cursor']),
    '/api/v1/revisions/{sha}': one(
      'The fleet report of a revision; with include=summary without agents',
      'sha',
    ),
    '/api/v1/plans/{sha}': withQuery(
      one('What the head of an open pull request would change; with include=summary without texts', 'sha'),
      'include',
    ),
    '/api/v1/plans/{sha}/diff': withQuery(
      one('One distinct change of a plan, by the hashes of its two sides', 'sha'),
      'before',
      'after',
      'tenant',
      'config',
    ),
    '/api/v1/plans/{sha}/refresh': act('Plan a head anew', 'sha'),
    '/api/v1/webhooks/{host}': act('Tells that something happened at the Git host; signed by it', 'host'),
    '/api/v1/rollouts': list('Rollouts, those that need somebody first', [
      'tenant',
      'config',
      'state',
      'limit',
      'cursor',
    ]),
    '/api/v1/rollouts/{id}': one('One rollout, <tenant>/<config> or <tenant>/package/<name>', 'id'),
    '/api/v1/rollouts/{id}/changes': one(
      'What the rollout of an AgentConfig changes, setting by setting, without secrets',
      'id',
    ),
    '/api/v1/problems': list('Problems of the newest revision, errors first', [
      'tenant',
      'severity',
      'code',
      'limit',
      'cursor',
    ]),
    '/api/v1/events': one('Server-sent events: hello, event, changed, alive'),
    '/api/v1/events/history': list('Past events, newest first', [
      'limit',
      'before',
      'kind',
      'tenant',
      'agent',
    ]),
    '/api/v1/sync': act('Ask the Git remote for news now'),
    '/api/v1/approve/{sha}': act('Let go the guard that holds a revision', 'sha'),
    '/api/v1/stop': act('Withhold every offer'),
    '/api/v1/start': act('Offer again'),
    '/api/v1/rollouts/{id}/pause': actWith({ revision }, 'Withhold new offers of a rollout', 'id'),
    '/api/v1/rollouts/{id}/resume': actWith({ revision }, 'Let a paused rollout go on', 'id'),
    '/api/v1/rollouts/{id}/abort': actWith({ revision }, 'Roll back what a rollout moved', 'id'),
    '/api/v1/rollouts/{id}/retry': actWith({ revision }, 'Begin a rollout anew', 'id'),
    '/api/v1/rollouts/{id}/approve': actWith({ revision }, 'Approve the step that a rollout waits for', 'id'),
    '/api/v1/pins': actWith(
      { tenant: text, config: text, to: { enum: ['last-good', 'previous'] } },
      'Make last good, or the one before it, the target at once',
    ),
    '/api/v1/pins/{tenant}/{config}': remove('Take a pin back', 'tenant', 'config'),
    '/api/v1/enrollments': list('Agents that wait for approval of their certificate'),
    '/api/v1/agents/{uid}/approve': actWith(
      { csrSha256: { ...text, description: 'the request that was looked at' } },
      'Approve an agent’s request for a certificate',
      'uid',
    ),
    '/api/v1/agents/{uid}/restart': act('Tell an agent to restart', 'uid'),
    '/api/v1/agents/{uid}/retry': act('Offer a failed config again', 'uid'),
  },
} as const;
