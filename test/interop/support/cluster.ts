import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fitsLabelSelector, type ObjectLabels } from './label-selector.ts';

/** A Kubernetes object, as far as the bridge and the tests look at it. */
export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: ObjectLabels;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A stand-in for a Kubernetes API server that holds OpenTelemetryCollectors and pods, and no more. */
export interface Cluster extends AsyncDisposable {
  /** What a kubeconfig file for it holds. */
  readonly kubeconfig: string;
  /** OpenTelemetryCollectors by `namespace/name`. */
  readonly collectors: ReadonlyMap<string, ClusterObject>;
  /** Writes of the bridge, oldest first: `POST obs/edge`, `PUT obs/edge`, `DELETE obs/edge`. */
  readonly writes: readonly string[];
  /** Puts a collector's pod into a phase. */
  setPod(key: string, phase: string): void;
  addCollector(collector: ClusterObject): void;
}

const group = 'opentelemetry.io';
const version = `${group}/v1beta1`;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const discovery: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
  '/api/v1': resourceList('v1', 'pods', 'Pod'),
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [apiGroup()] },
  [`/apis/${group}`]: { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup() },
  [`/apis/${version}`]: resourceList(version, 'opentelemetrycollectors', 'OpenTelemetryCollector'),
};

function apiGroup() {
  const versions = [{ groupVersion: version, version: 'v1beta1' }];
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(groupVersion: string, name: string, kind: string) {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = [{ name, singularName: '', namespaced: true, kind, verbs }];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** Starts an empty cluster on a free port. */
export async function startCluster(): Promise<Cluster> {
  const collectors = new Map<string, ClusterObject>();
  const pods = new Map<string, ClusterObject>();
  const writes: string[] = [];
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const answer = respond(request, body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });

  function respond({ method = 'GET', url = '/' }: IncomingMessage, body: unknown): Answer {
    const { pathname, searchParams } = new URL(url, 'http://cluster');
    if (Object.hasOwn(discovery, pathname)) return { status: 200, body: discovery[pathname] };
    const path =
      /^\/(?:api|apis)\/.*?v1(?:beta1)?(?:\/namespaces\/([^/]+))?\/(pods|opentelemetrycollectors)(?:\/([^/]+))?$/;
    const [, namespace = '', resource = '', name = ''] = path.exec(pathname) ?? [];
    const selector = searchParams.get('labelSelector') ?? '';
    if (resource === 'pods') return list('PodList', 'v1', pods, namespace, selector);
    if (resource === '') return failure(404, 'NotFound', pathname);
    if (method === 'GET' && name === '')
      return list('OpenTelemetryCollectorList', version, collectors, namespace, selector);
    return answerObject(method, namespace, name, body);
  }

  function answerObject(method: string, namespace: string, name: string, body: unknown): Answer {
    const given = body as ClusterObject | undefined;
    const key = `${namespace}/${name === '' ? given?.metadata.name : name}`;
    const known = collectors.get(key);
    if (method === 'GET') return known ? { status: 200, body: known } : failure(404, 'NotFound', key);
    writes.push(`${method} ${key}`);
    if (method === 'DELETE') {
      collectors.delete(key);
      return { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
    }
    if (!given || (method === 'PUT' && !known)) return failure(404, 'NotFound', key);
    const stored = withDefaults(given, known);
    collectors.set(key, stored);
    return { status: method === 'POST' ? 201 : 200, body: stored };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`),
    collectors,
    writes,
    setPod: (key, phase) => void pods.set(key, podOf(key, phase)),
    addCollector({ metadata, ...rest }) {
      collectors.set(
        `${metadata.namespace}/${metadata.name}`,
        withDefaults({ ...rest, metadata }, undefined),
      );
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}

function list(
  kind: string,
  apiVersion: string,
  objects: ReadonlyMap<string, ClusterObject>,
  namespace: string,
  selector: string,
): Answer {
  const items = [...objects.values()].filter(({ metadata }) => {
    const inNamespace = namespace === '' || metadata.namespace === namespace;
    return inNamespace && fitsLabelSelector(selector, metadata.labels ?? {});
  });
  return { status: 200, body: { kind, apiVersion, metadata: { resourceVersion: '1' }, items } };
}

function failure(code: number, reason: string, message: string): Answer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message };
  return { status: code, body };
}

/** What an API server and the operator add to whatever they are given. */
function withDefaults(given: ClusterObject, known: ClusterObject | undefined): ClusterObject {
  const spec = { managementState: 'managed', upgradeStrategy: 'automatic', ...(given.spec as object) };
  const metadata = {
    ...given.metadata,
    uid: known?.metadata.uid ?? randomUUID(),
    creationTimestamp: '2026-01-01T00:00:00Z',
    resourceVersion: randomUUID(),
  };
  return {
    apiVersion: version,
    kind: 'OpenTelemetryCollector',
    ...given,
    metadata,
    spec,
    status: { version: '0.140.0', scale: { replicas: 1, statusReplicas: '1/1' } },
  };
}

function podOf(key: string, phase: string): ClusterObject {
  const [namespace = '', name = ''] = key.split('/');
  const labels = {
    'app.kubernetes.io/managed-by': 'opentelemetry-operator',
    'app.kubernetes.io/instance': `${namespace}.${name}`,
    'app.kubernetes.io/part-of': 'opentelemetry',
    'app.kubernetes.io/component': 'opentelemetry-collector',
  };
  const status = { phase, startTime: '2026-01-01T00:00:00Z' };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `${name}-0`, namespace, labels }, status };
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
