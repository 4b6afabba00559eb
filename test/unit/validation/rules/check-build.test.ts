import { describe, expect, it } from 'vitest';
import { type Build, checkBuild, describeBuild } from '../../../../src/validation/rules/index.ts';

const knownBuild = (...components: readonly string[]): Build => ({
  kind: 'known',
  components: new Set(components),
});
const guess = (distribution: string | undefined, version?: string): Build => ({
  kind: 'guess',
  ...(distribution === undefined ? {} : { distribution }),
  ...(version === undefined ? {} : { version }),
});

describe('a build that reports its components', () => {
  const recent = knownBuild('receiver/otlp', 'exporter/otlp_http', 'exporter/otlphttp', 'exporter/debug');

  it('runs what it lists, under both names', () => {
    expect(checkBuild(['receiver/otlp', 'exporter/otlp_http'], recent)).toEqual({ kind: 'runs' });
    expect(checkBuild(['receiver/otlp', 'exporter/otlphttp'], recent)).toEqual({ kind: 'runs' });
  });

  it('cannot run what it does not list, and the hint says who has it', () => {
    expect(checkBuild(['receiver/otlp', 'receiver/file_log'], recent)).toEqual({
      kind: 'cannot-run',
      missing: ['receiver/file_log'],
      hint: 'receiver/file_log: in: contrib, k8s',
    });
  });

  it('cannot run a new name when it lists only the older one', () => {
    const old = knownBuild('receiver/otlp', 'exporter/otlphttp');
    expect(checkBuild(['exporter/otlp_http'], old)).toEqual({
      kind: 'cannot-run',
      missing: ['exporter/otlp_http'],
      hint: 'exporter/otlp_http: this build knows it only as "otlphttp"',
    });
    expect(checkBuild(['exporter/otlphttp'], old)).toEqual({ kind: 'runs' });
  });

  it('is doubted, not refused, when it lists only the new name', () => {
    const verdict = checkBuild(['exporter/otlphttp'], knownBuild('receiver/otlp', 'exporter/otlp_http'));
    expect(verdict).toMatchObject({ kind: 'doubtful', missing: ['exporter/otlphttp'] });
  });

  it('names the nearest type for a typing error', () => {
    expect(checkBuild(['exporter/otlp_htp'], recent)).toMatchObject({
      kind: 'cannot-run',
      hint: 'exporter/otlp_htp: did you mean "otlp_http"?',
    });
  });

  it('does not confuse the kinds: the otlp receiver was never renamed', () => {
    expect(checkBuild(['exporter/otlp'], recent)).toMatchObject({ kind: 'cannot-run' });
    expect(checkBuild(['receiver/otlp'], knownBuild('exporter/otlp'))).toMatchObject({ kind: 'cannot-run' });
  });

  it('a certain lack outweighs a doubt', () => {
    const verdict = checkBuild(['exporter/otlphttp', 'exporter/kafka'], knownBuild('exporter/otlp_http'));
    expect(verdict).toMatchObject({ kind: 'cannot-run', missing: ['exporter/kafka'] });
  });

  it('is not judged by an empty list, by the supervisor’s extension or by what is no type', () => {
    expect(checkBuild(['receiver/otlp'], knownBuild())).toEqual({ kind: 'runs' });
    expect(checkBuild(['extension/opamp', 'exporter/${env:X}', 'nonsense'], recent)).toEqual({
      kind: 'runs',
    });
  });
});

describe('a build that is only guessed', () => {
  it.each([
    ['core', '0.159.0', 'receiver/file_log', 'in: contrib, k8s'],
    ['contrib', '0.140.0', 'receiver/file_log', '0.140 knows it only as "filelog"'],
    ['contrib', '0.158.0', 'exporter/prometheus_remote_write', undefined],
    [
      'contrib',
      '0.150.0',
      'exporter/prometheus_remote_write',
      '0.150 knows it only as "prometheusremotewrite"',
    ],
    ['contrib', '0.150.0', 'receiver/prometheus_remote_write', undefined],
    ['contrib', '0.149.0', 'receiver/ciscoos', '0.149 had forgotten this name'],
    ['contrib', '0.151.0', 'receiver/ciscoos', undefined],
    ['contrib', '0.150.0', 'receiver/windowseventlog', '0.150 had forgotten this name'],
    ['k8s', '0.118.0', 'processor/interval', 'in: contrib, k8s'],
    ['k8s', '0.119.0', 'processor/interval', undefined],
    ['core', '0.110.0', 'exporter/logging', undefined],
    ['core', '0.111.0', 'exporter/logging', 'removed in 0.111.0'],
    ['contrib', '0.121.0', 'exporter/loki', undefined],
    ['contrib', '0.122.0', 'exporter/loki', 'in no official build'],
    ['contrib', '0.123.0', 'exporter/loki', undefined],
    ['contrib', '0.131.0', 'exporter/loki', 'removed in 0.131.0'],
  ])('%s %s and %s: %s', (distribution, version, component, because) => {
    const verdict = checkBuild([component], guess(distribution, version));
    if (because === undefined) expect(verdict).toEqual({ kind: 'runs' });
    else
      expect(verdict).toEqual({ kind: 'doubtful', missing: [component], hint: `${component}: ${because}` });
  });

  it.each([
    ['the renaming happened somewhere in between', 'contrib', '0.155.0', 'receiver/envoy_als'],
    ['a release before the catalogue', 'contrib', '0.95.0', 'processor/interval'],
    ['a release after the catalogue', 'core', '0.170.0', 'receiver/file_log'],
    ['a patch of this release brought it', 'contrib', '0.122.0', 'receiver/tcpcheck'],
    ['a type that nobody knows', 'contrib', '0.150.0', 'receiver/acme_bus'],
  ])('says nothing where %s', (_why, distribution, version, component) => {
    expect(checkBuild([component], guess(distribution, version))).toEqual({ kind: 'runs' });
  });

  it('a build of another name and no version tell nothing', () => {
    expect(checkBuild(['receiver/file_log'], guess(undefined))).toEqual({ kind: 'runs' });
    expect(checkBuild(['receiver/file_log'], guess('contrib'))).toEqual({ kind: 'runs' });
  });
});

describe('describeBuild', () => {
  it('prefers what the agent reports', () => {
    const components = new Set(['receiver/otlp']);
    expect(describeBuild({ components, serviceName: 'otelcol', serviceVersion: '0.1.0' })).toEqual({
      kind: 'known',
      components,
    });
  });

  it('takes the name and version of official builds only', () => {
    expect(describeBuild({ serviceName: 'otelcol-contrib', serviceVersion: '0.144.0' })).toEqual({
      kind: 'guess',
      distribution: 'contrib',
      version: '0.144.0',
    });
    expect(describeBuild({ serviceName: 'acme', serviceVersion: '0.144.0' })).toEqual({ kind: 'guess' });
    expect(describeBuild({ components: new Set() })).toEqual({ kind: 'guess' });
  });
});
