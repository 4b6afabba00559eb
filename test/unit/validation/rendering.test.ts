import { describe, expect, it } from 'vitest';
import type { Problem, Snapshot } from '../../../src/model/index.ts';
import { validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const body = `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [debug]}
`;
const head = 'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\n';

type Files = Readonly<Record<string, string>>;

function validate(files: Files): Snapshot {
  return validateRepo({ ...createMemoryRepo(files), now });
}

function problemsOf(files: Files): readonly Problem[] {
  return validate(files).problems;
}

function list(files: Files): readonly string[] {
  return problemsOf(files).map(
    ({ code, severity, file, line, column }) => `${severity} ${code} ${file}:${line}:${column}`,
  );
}

describe('the merged result', () => {
  it('is judged with the position and layer of whoever set the node', () => {
    const files = {
      'edge.yaml': `${head}config: [a.yaml, b.yaml, c.yaml]\n`,
      'a.yaml': body,
      'b.yaml': 'service:\n  pipelines:\n    logs: {exporters: [debgu]}\n',
      'c.yaml': 'extensions: {}\n',
    };
    const problems = problemsOf(files).filter(({ severity }) => severity !== 'info');
    expect(problems[0]).toEqual({
      code: 'OC041',
      severity: 'warning',
      file: 'a.yaml',
      line: 2,
      column: 13,
      message: 'exporter "debug" is defined, but no pipeline uses it',
      tenant: 'default',
      config: 'edge',
      layer: '1 of 3',
    });
    expect(problems[1]).toEqual({
      code: 'OC011',
      severity: 'error',
      file: 'b.yaml',
      line: 3,
      column: 24,
      message: 'exporter "debgu" is not defined. Did you mean "debug" (a.yaml:2:13)?',
      suggestion: 'debug',
      tenant: 'default',
      config: 'edge',
      layer: '2 of 3',
    });
  });

  it('an empty key of a later layer', () => {
    const files = {
      'edge.yaml': `${head}config: [a.yaml, b.yaml]\n`,
      'a.yaml': body
        .replace('exporters: {debug: {}}', 'processors: {batch: {}}\nexporters: {debug: {}}')
        .replace('[otlp],', '[otlp], processors: [batch],'),
      'b.yaml': 'processors:\n',
    };
    expect(list(files)).toEqual(['error OC010 a.yaml:6:44', 'warning OC023 b.yaml:1:1']);
  });

  it('variables are filled in first, and undefined ones are errors where they stand', () => {
    const files = {
      'edge.yaml': `${head}config: a.yaml\nvars: {exporter: debug}\n`,
      'a.yaml': body
        .replace('[debug]', '[$(vars.exporter)]')
        .replace('grpc: {}', 'grpc: {endpoint: $(vars.listen)}'),
    };
    expect(list(files)).toEqual(['error FR201 a.yaml:1:49']);
  });

  it('agents’ attributes stay open', () => {
    const files = {
      'fleet.yaml': 'kind: Fleet\nagentVars: [host.name]\n',
      'edge.yaml': `${head}config: a.yaml\n`,
      'a.yaml': body.replace('grpc: {}', 'grpc: {endpoint: "$(agent.host.name):4317"}'),
    };
    const snapshot = validate(files);
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.tenants.get('default')?.configs[0]?.agentVarsUsed).toEqual([
      { name: 'host.name', required: true },
    ]);
  });

  it.each([
    ['OC040', 'nothing at all', '{}\n', 'edge.yaml:1:1'],
    ['OC039', 'the supervisor’s extension', `extensions: {opamp: {}}\n${body}`, 'a.yaml:1:14'],
    ['OC001', 'no YAML', 'receivers: {otlp: [}\n', 'a.yaml:1:20'],
    ['OC002', 'a key twice', `${body}service: {}\n`, 'a.yaml:6:1'],
  ])('%s: %s', (code, _what, text, place) => {
    const files = { 'edge.yaml': `${head}config: a.yaml\n`, 'a.yaml': text };
    expect(list(files)).toContain(`error ${code} ${place}`);
  });

  it('FR208: a rendering over the tenant’s limit', () => {
    const files = {
      'tenant.yaml': 'kind: Tenant\nlimits: {maxConfigBytes: 50}\n',
      'edge.yaml': `${head}config: a.yaml\n`,
      'a.yaml': body,
    };
    expect(list(files)).toEqual(['error FR208 edge.yaml:1:1']);
  });

  it('severities are the Fleet’s', () => {
    const files = {
      'edge.yaml': `${head}config: a.yaml\n`,
      'a.yaml': body.replace('exporters: {debug: {}}', 'exporters: {debug: {}, debug/2: {}}'),
    };
    expect(list(files)).toEqual(['warning OC041 a.yaml:2:24']);
    expect(list({ ...files, 'fleet.yaml': 'kind: Fleet\nrules: {OC041: error}\n' })).toEqual([
      'error OC041 a.yaml:2:24',
    ]);
    expect(list({ ...files, 'fleet.yaml': 'kind: Fleet\nrules: {OC041: "off"}\n' })).toEqual([]);
    expect(list({ ...files, 'fleet.yaml': 'kind: Fleet\nrules: {OC041: off}\n' })).toEqual([]);
  });

  it('the selector tells the build', () => {
    const files = {
      'edge.yaml': 'kind: AgentConfig\nselector: {matchLabels: {service.name: otelcol}}\nconfig: a.yaml\n',
      'a.yaml': body
        .replace('otlp: {protocols: {grpc: {}}}', 'journald: {units: [ssh]}')
        .replace('[otlp]', '[journald]'),
    };
    expect(list(files)).toEqual(['warning OC020 a.yaml:1:13']);
    expect(
      list({ ...files, 'edge.yaml': files['edge.yaml'].replace('otelcol}', 'otelcol-contrib}') }),
    ).toEqual([]);
  });

  it('declared feature gates count', () => {
    const files = { 'a.yaml': body.replace('logs:', 'profiles:') };
    expect(list({ ...files, 'edge.yaml': `${head}config: a.yaml\n` })).toEqual(['error OC007 a.yaml:5:5']);
    const declared = 'requires: {featureGates: [service.profilesSupport]}\n';
    expect(list({ ...files, 'edge.yaml': `${head}config: a.yaml\n${declared}` })).toEqual([]);
  });

  it('resources of the operator are linted by their config', () => {
    const labels = '{opentelemetry.io/opamp-managed: "true"}';
    const resource = `metadata: {namespace: a, name: b, labels: ${labels}}\nspec:\n  config:\n    receivers: {otlp: {protocols: {grpc: {}}}}\n    exporters: {debug: {}}\n    service: {pipelines: {logs: {receivers: [oltp, otlp], exporters: [debug]}}}\n`;
    const files = { 'edge.yaml': `${head}type: otelcol-cr\nconfig: cr.yaml\n`, 'cr.yaml': resource };
    expect(list(files)).toEqual(['error OC009 cr.yaml:6:46']);
  });

  it('other types have no collector rules', () => {
    expect(list({ 'edge.yaml': `${head}type: raw\nconfig: a.txt\n`, 'a.txt': 'anything: [at, all' })).toEqual(
      [],
    );
  });
});

describe('overlays', () => {
  const overlays = (text: string) => `${head}config: a.yaml\noverlays:\n${text}`;

  it('each is judged alone and all together', () => {
    const files = {
      'edge.yaml': overlays(
        '  - {name: x, when: {matchLabels: {a: b}}, config: x.yaml}\n  - {name: y, when: {matchLabels: {c: d}}, config: y.yaml}\n',
      ),
      'a.yaml': body,
      'x.yaml': 'service: {pipelines: {logs: {exporters: [one]}}}\n',
      'y.yaml': 'service: {pipelines: {logs: {exporters: [two]}}}\n',
    };
    // debug is used where neither applies, so nothing is said about it.
    const errors = list(files).filter((line) => line.startsWith('error'));
    expect(errors).toEqual(['error OC011 x.yaml:1:42', 'error OC011 y.yaml:1:42']);
  });

  it('what only an overlay uses is used', () => {
    const files = {
      'edge.yaml': overlays('  - {name: x, when: {matchLabels: {a: b}}, config: x.yaml, lists: append}\n'),
      'a.yaml': body.replace('{debug: {}}', '{debug: {}, debug/more: {}}'),
      'x.yaml': 'service: {pipelines: {logs: {exporters: [debug/more]}}}\n',
    };
    expect(list(files)).toEqual([]);
  });

  it('combinations that no agent has are not judged', () => {
    const part = 'service: {pipelines: {logs: {exporters: [debug]}}}\nexporters: {debug: {}}\n';
    const files = {
      'edge.yaml': overlays(
        '  - {name: x, when: {matchExpressions: [{key: os.type, operator: In, values: [linux]}]}, config: x.yaml}\n  - {name: y, when: {matchExpressions: [{key: os.type, operator: NotIn, values: [linux]}]}, config: y.yaml}\n',
      ),
      // Without an overlay there is no exporter: but every agent has one of the two.
      'a.yaml':
        'receivers: {otlp: {protocols: {grpc: {}}}}\nservice: {pipelines: {logs: {receivers: [otlp]}}}\n',
      'x.yaml': part,
      'y.yaml': part,
    };
    expect(list(files)).toEqual([]);
  });

  it('one that always applies is always there', () => {
    const files = {
      'edge.yaml': overlays('  - {name: x, when: {}, config: x.yaml}\n'),
      'a.yaml': 'receivers: {otlp: {protocols: {grpc: {}}}}\n',
      'x.yaml':
        'exporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n',
    };
    expect(list(files)).toEqual([]);
  });

  it('FR044: one that never applies', () => {
    const files = {
      'edge.yaml': overlays('  - {name: x, when: {matchLabels: {role: gateway}}, config: x.yaml}\n'),
      'a.yaml': body,
      'x.yaml': 'exporters: {nothing: {}}\n',
    };
    expect(list(files)).toEqual(['warning FR044 edge.yaml:5:12']);
  });

  it('one that has expired is not judged', () => {
    const files = {
      'edge.yaml': overlays('  - {name: x, when: {}, config: x.yaml, expires: 2026-01-01}\n'),
      'a.yaml': body,
      'x.yaml': 'receivers: {otlp: }\nservice: {pipelines: {logs: {exporters: [none]}}}\n',
    };
    expect(list(files)).toEqual(['warning FR032 edge.yaml:5:50']);
  });

  it('remove names what is there', () => {
    const files = {
      'edge.yaml': overlays('  - {name: x, when: {matchLabels: {a: b}}, remove: ["exporters::otlp"]}\n'),
      'a.yaml': body,
    };
    expect(list(files)).toEqual(['error FR203 edge.yaml:5:12']);
  });

  it('attributes that an overlay uses are its own', () => {
    const files = {
      'fleet.yaml': 'kind: Fleet\nagentVars: [host.name]\n',
      'edge.yaml': overlays('  - {name: x, when: {matchLabels: {a: b}}, config: x.yaml}\n'),
      'a.yaml': body,
      'x.yaml': 'receivers: {otlp: {protocols: {grpc: {endpoint: "$(agent.host.name:-localhost):1"}}}}\n',
    };
    const [config] = validate(files).tenants.get('default')!.configs;
    expect(config?.agentVarsUsed).toEqual([{ name: 'host.name', required: false, overlay: 0 }]);
  });
});

describe('variables that nothing uses', () => {
  const base = {
    'fleet.yaml': 'kind: Fleet\nvars: {a: 1}\n',
    'tenants/acme/tenant.yaml': 'kind: Tenant\nvars: {b: 1}\n',
    'tenants/acme/edge.yaml': `${head}config: a.yaml\nvars: {c: 1}\noverlays: [{name: x, when: {matchLabels: {x: y}}, vars: {d: 1}}]\n`,
    'tenants/acme/a.yaml': body,
  };

  it('are warnings at every level', () => {
    expect(list(base)).toEqual([
      'warning FR041 fleet.yaml:2:11',
      'warning FR041 tenants/acme/edge.yaml:4:11',
      'warning FR041 tenants/acme/edge.yaml:5:61',
      'warning FR041 tenants/acme/tenant.yaml:2:11',
    ]);
  });

  it('an overlay’s body may use them', () => {
    const files = {
      ...base,
      'tenants/acme/edge.yaml': base['tenants/acme/edge.yaml'].replace(
        'vars: {d: 1}',
        'vars: {d: 1}, config: x.yaml',
      ),
      'tenants/acme/x.yaml':
        'receivers: {otlp: {protocols: {grpc: {endpoint: "$(vars.a)$(vars.b)$(vars.c)$(vars.d)"}}}}\n',
    };
    expect(list(files)).toEqual([]);
  });

  it('nothing is said while an AgentConfig is rejected', () => {
    const files = { ...base, 'tenants/acme/other.yaml': 'kind: AgentConfig\n' };
    expect(list(files).filter((line) => /fleet|tenant\.yaml/.test(line))).toEqual([]);
  });
});

describe('a shared body', () => {
  const files = {
    'fleet.yaml': 'kind: Fleet\nsharedPaths: [base]\ndefaults: [base/agents/*.yaml]\n',
    'base/agents/all.yaml': 'kind: AgentConfig\nselector: {}\nconfig: /base/all.yaml\n',
    'base/all.yaml': body.replace('[debug]', '[bug]'),
    'tenants/acme/tenant.yaml': 'kind: Tenant\n',
    'tenants/globex/tenant.yaml': 'kind: Tenant\n',
  };

  it('is one problem that counts against every tenant that gets it', () => {
    const snapshot = validate(files);
    expect([...snapshot.tenants.values()].map(({ hasErrors }) => hasErrors)).toEqual([true, true]);
    const errors = snapshot.problems.filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'OC011',
        file: 'base/all.yaml',
        config: 'all',
        tenants: ['acme', 'globex'],
      }),
    ]);
  });
});

it('FR043: a tenant’s list of problems ends somewhere, and errors come before warnings', () => {
  const processors = Array.from({ length: 30 }, (_, index) => `batch/${index}: {}`).join(', ');
  const files = {
    'edge.yaml': `${head}config: a.yaml\nunknown: 1\n`,
    'other.yaml': 'kind: AgentConfig\nselector: {matchLabels: {role: other}}\nconfig: a.yaml\n',
    'a.yaml': `processors: {${processors}}\n${body}`,
  };
  const snapshot = validateRepo({ ...createMemoryRepo(files), now, limits: { maxProblemsPerTenant: 5 } });
  expect(snapshot.problems.map(({ code }) => code).toSorted()).toEqual([
    'FR005',
    'FR043',
    'OC041',
    'OC041',
    'OC041',
    'OC041',
  ]);
});
