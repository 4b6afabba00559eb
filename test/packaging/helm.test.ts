import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadSettings, readServiceSettings } from '../../src/runtime/index.ts';
import { repoRoot } from '../support/docs.ts';
import { unknownFlags, unknownVariables } from './support/known-names.ts';

const chart = join(repoRoot, 'packaging/helm/muster');
const valuesFolder = join(import.meta.dirname, 'values');
const { helm, decode } = inject('tools');
const stories = readdirSync(valuesFolder).map((name) => name.replace('.yaml', ''));

/** Only what the tests look at. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: manifests are judged by the decoder; here they are only looked into
  readonly spec: any;
  readonly data: Record<string, string>;
}

function template(story: string, ...more: readonly string[]): string {
  const args = ['template', 'live', chart, '--namespace', 'fleet', '--kube-version', '1.33.0'];
  return execFileSync(helm, [...args, '--values', join(valuesFolder, `${story}.yaml`), ...more], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function manifests(story: string): readonly Manifest[] {
  return parseAllDocuments(template(story)).map((document) => document.toJS() as Manifest);
}

function workloadOf(story: string): Manifest {
  return manifests(story).find(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')!;
}

describe.each(stories)('the chart with values %s', (story) => {
  it('passes lint', () => {
    const values = ['--values', join(valuesFolder, `${story}.yaml`)];
    const args = ['lint', chart, '--strict', '--kube-version', '1.33.0', ...values];
    const { status, stdout } = spawnSync(helm, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
  });

  it('renders manifests that Kubernetes knows field by field', () => {
    const decoded = spawnSync(decode, { input: template(story), encoding: 'utf8' });
    expect(decoded.stderr).toBe('');
    expect(decoded.stdout.trim().split('\n')).toMatchSnapshot();
  });

  it('names only settings, flags and variables that there are', () => {
    const { containers } = workloadOf(story).spec.template.spec;
    const [container] = containers as [{ args: string[]; env: { name: string }[] | null }];
    expect(container.args[0]).toBe('serve');
    expect(unknownFlags(container.args.join(' '))).toEqual([]);
    expect(unknownVariables((container.env ?? []).map(({ name }) => name).join(' '))).toEqual([]);
    const text = manifests(story).find(({ kind }) => kind === 'ConfigMap')!.data['muster.yaml']!;
    const file = { name: 'muster.yaml', bytes: new TextEncoder().encode(text) };
    const values = loadSettings({ flags: {}, environment: {}, file, readFile: () => '' });
    expect(readServiceSettings(values).git.repo).toContain('git.example.com');
  });

  it('runs restricted, with two writable places', () => {
    const pod = workloadOf(story).spec.template.spec;
    const [container] = pod.containers;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const writable = container.volumeMounts.filter((mount: { readOnly?: boolean }) => !mount.readOnly);
    expect(writable.map((mount: { mountPath: string }) => mount.mountPath)).toEqual([
      '/var/lib/muster',
      '/tmp',
    ]);
  });

  it('refers only to what it has', () => {
    const all = manifests(story);
    const { spec } = workloadOf(story);
    const { metadata, spec: pod } = spec.template;
    const [container] = pod.containers;
    const volumes = [
      ...pod.volumes,
      ...(spec.volumeClaimTemplates ?? []).map((one: Manifest) => one.metadata),
    ];
    const names = volumes.map(({ name }: { name: string }) => name);
    for (const { name } of container.volumeMounts) expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
    const ports = container.ports.map(({ name }: { name: string }) => name);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(ports).toContain(container[probe].httpGet.port);
    expect(metadata.labels).toMatchObject(spec.selector.matchLabels);
    const services = all.filter(({ kind }) => kind === 'Service');
    for (const service of services) {
      expect(metadata.labels).toMatchObject(service.spec.selector);
      expect(ports).toContain(service.spec.ports[0].targetPort);
    }
    for (const { spec: ingress } of all.filter(({ kind }) => kind === 'Ingress')) {
      const { service } = ingress.rules[0].http.paths[0].backend;
      const found = services.find((one) => one.metadata.name === service.name);
      expect(found?.spec.ports[0].name).toBe(service.port.name);
    }
    for (const { spec: monitor } of all.filter(({ kind }) => kind === 'ServiceMonitor'))
      expect(
        services.filter((one) => isPart(monitor.selector.matchLabels, one.metadata.labels)),
      ).toHaveLength(1);
    const account = all.find(({ kind }) => kind === 'ServiceAccount');
    expect(account?.metadata.name).toBe(pod.serviceAccountName);
    if (spec.serviceName !== undefined)
      expect(services.map((one) => one.metadata.name)).toContain(spec.serviceName);
  });
});

function isPart(part: Record<string, string>, whole: Record<string, string>): boolean {
  return Object.entries(part).every(([key, value]) => whole[key] === value);
}

describe('the chart', () => {
  it('keeps one replica in a volume, and several in PostgreSQL', () => {
    expect(workloadOf('one').kind).toBe('StatefulSet');
    expect(workloadOf('several').kind).toBe('Deployment');
    const env = workloadOf('several').spec.template.spec.containers[0].env as { name: string }[];
    expect(env.find(({ name }) => name === 'MUSTER_STORE')).toMatchObject({
      valueFrom: { secretKeyRef: { name: 'muster-postgres', key: 'url' } },
    });
  });

  it.each([
    [['--set', 'replicas=2'], /several replicas need PostgreSQL/],
    [['--set', 'replicas=2,store.existingSecret=x'], /several replicas need one server key/],
    [['--set', 'secrets.keys={git-password}'], /secrets\.keys needs secrets\.existingSecret/],
    [['--set', 'replica=2'], /additional properties 'replica' not allowed/],
    [['--set', 'config.repo='], /minLength/],
    [['--set', 'image.repository='], /image.repository.*minLength/],
    [['--set', 'ingress.http.enabled=true'], /ingress\.http\.host is needed/],
  ])('refuses %s', (more, reason) => {
    expect(() => template('one', ...more)).toThrow(reason);
  });

  it('has the version of the package, and a schema for every value', () => {
    const { version } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    const { version: own, appVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as Record<
      string,
      string
    >;
    expect([own, appVersion]).toEqual([version, version]);
    const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as object;
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as {
      properties: object;
    };
    const undescribed = Object.keys(values).filter((key) => !(key in schema.properties));
    expect(undescribed).toEqual([]);
  });
});

describe('the decoder', () => {
  it.each([
    ['apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {portz: []}', /unknown field "portz"/],
    ['apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: high}]}', /cannot unmarshal/],
    ['apiVersion: v2\nkind: Service\nmetadata: {name: x}', /unknown kind/],
    ['apiVersion: v1\nkind: Service\nkind: Service\nmetadata: {name: x}', /already set/],
  ])('refuses %s', (input, reason) => {
    const { status, stderr } = spawnSync(decode, { input, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(reason)]);
  });
});
