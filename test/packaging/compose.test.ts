import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { supervisorConfig } from '../../src/cli/commands/supervisor-config.ts';
import { repoRoot } from '../support/docs.ts';
import { unknownVariables } from './support/known-names.ts';

const folder = join(repoRoot, 'packaging/compose');
const text = readFileSync(join(folder, 'docker-compose.yml'), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly volumes: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly ports?: readonly string[];
}

const compose = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
/** Made by whoever tries it. */
const fleetRepo = './fleet-repo';

describe('packaging/compose', () => {
  it('has PostgreSQL, Muster and two collectors', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'muster', 'collector-1', 'collector-2']);
  });

  it.each(services)('%s refers to what is there', (_, service) => {
    if (service.build)
      expect(existsSync(join(folder, service.build.context, service.build.dockerfile))).toBe(true);
    else expect(service.image).toMatch(/:[\w.-]+$/);
    for (const volume of service.volumes) {
      const [source = ''] = volume.split(':');
      if (!source.startsWith('.')) expect(compose.volumes).toHaveProperty(source);
      else if (source !== fleetRepo)
        expect([source, existsSync(join(folder, source))]).toEqual([source, true]);
    }
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services).toHaveProperty(name);
      expect(condition).toBe('service_healthy');
    }
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('sets only variables that there are, as text', () => {
    const { environment = {} } = compose.services.muster!;
    expect(unknownVariables(Object.keys(environment).join(' '))).toEqual([]);
    for (const value of Object.values(environment)) expect(typeof value).toBe('string');
    expect(unknownVariables(text)).toEqual([]);
  });

  it('runs the supervisors with what `muster supervisor-config` prints, but for the token', () => {
    const printed = supervisorConfig({
      ...{ tenant: 'default', endpoint: 'ws://muster:4320/v1/opamp', label: [] },
      ...{ executable: '/usr/local/bin/otelcol-contrib', storage: '/var/lib/otelcol/supervisor' },
    });
    const { server, ...rest } = parse(printed) as { readonly server: { headers?: unknown } };
    const { headers: _, ...withoutToken } = server;
    expect(parse(readFileSync(join(folder, 'supervisor.yaml'), 'utf8'))).toEqual({
      server: withoutToken,
      ...rest,
    });
  });
});
