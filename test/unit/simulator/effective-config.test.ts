import { describe, expect, it } from 'vitest';
import type { ConfigHash } from '../../../src/model/index.ts';
import { describeHealth } from '../../../src/simulator/component-health.ts';
import { deriveEffectiveConfig, driftEffectiveConfig } from '../../../src/simulator/effective-config.ts';
import { createRunningConfigs } from '../../../src/simulator/running-config.ts';
import { readOutline } from '../../../src/simulator/yaml-outline.ts';

const offered = `receivers:
  otlp:
    protocols:
      grpc: {}
      http:
        endpoint: localhost:4318
processors:
  batch: {}
exporters:
  otlp_http:
    endpoint: https://backend.example
    headers:
      x-scope: acme
      Authorization: "Bearer \${env:TOKEN}"
    sending_queue:
      queue_size: 100
service:
  pipelines:
    traces:
      receivers:
        - otlp
      exporters:
        - otlp_http
    metrics/2:
      receivers: [otlp]
      exporters: [otlp_http]
`;

describe('the outline of a rendered config', () => {
  it('knows the path, indent and value of each key', () => {
    const queue = readOutline(offered).find(({ key }) => key === 'queue_size');
    expect(queue).toMatchObject({
      path: ['exporters', 'otlp_http', 'sending_queue', 'queue_size'],
      indent: 6,
      value: '100',
    });
  });

  it('leaves out the insides of block scalars and reads keys of list items', () => {
    const text = 'a:\n  b: |-\n    not: a key\n  c:\n    - name: x\n      value: y\n';
    expect(readOutline(text).map(({ path }) => path.join('::'))).toEqual([
      'a',
      'a::b',
      'a::c',
      'a::c::name',
      'a::c::value',
    ]);
  });
});

describe('what a collector reports of an offered config', () => {
  const effective = deriveEffectiveConfig(offered);

  it('fills in defaults and telemetry, and keeps what was set', () => {
    expect(effective).toContain('  batch:\n    timeout: 200ms\n    send_batch_size: 8192\n');
    expect(effective).toContain('      grpc:\n        endpoint: localhost:4317\n');
    expect(effective).toContain('service:\n  telemetry:\n    logs:\n      level: info\n');
    expect(effective).toContain('    endpoint: https://backend.example\n');
  });

  it('redacts secrets', () => {
    expect(effective).toContain('      Authorization: "[REDACTED]"\n');
    expect(effective).not.toContain('TOKEN');
  });

  it('drifts in one value, and in nothing where there is none', () => {
    const before = effective.split('\n');
    const after = driftEffectiveConfig(effective).split('\n');
    expect(after.filter((line, index) => line !== before[index])).toHaveLength(1);
    expect(driftEffectiveConfig('receivers: {}\n')).toBe('receivers: {}\n');
  });

  it('has a node of health for each pipeline', () => {
    const offer = {
      hash: 'ab' as ConfigHash,
      files: [{ key: '', contentType: 'text/yaml', body: new TextEncoder().encode(effective) }],
    };
    const running = createRunningConfigs()(offer, 'as-offered');
    const facts = {
      healthy: false,
      lastError: 'exit code=1',
      startedAt: 0,
      changedAt: 1_500,
      pipelines: running.pipelines,
    };
    const health = describeHealth(facts);
    expect([...health.components.keys()]).toEqual(['extensions', 'pipeline:traces', 'pipeline:metrics/2']);
    expect(health).toMatchObject({
      healthy: false,
      lastError: 'exit code=1',
      startTimeUnixNano: 0n,
      statusTimeUnixNano: 1_500_000_000n,
    });
  });
});
