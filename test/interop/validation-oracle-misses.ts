/** Settings that the collector refuses and Muster lets through, each with the reason; docs/rules.md lists them. */
export const missedSettings: readonly {
  readonly component: string;
  readonly settings: string;
  readonly reason: string;
}[] = [
  {
    component: 'extension file_storage',
    settings: '{directory: /muster/does/not/exist}',
    reason: 'whether a folder or file exists is known only on the agent',
  },
  {
    component: 'processor transform',
    settings: '{log_statements: [{context: log, statements: ["set(attributes["]}]}',
    reason: 'OTTL is not parsed: its functions and paths differ from release to release',
  },
  {
    component: 'processor filter',
    settings: '{traces: {span: ["attributes[ =="]}}',
    reason: 'OTTL is not parsed: its functions and paths differ from release to release',
  },
  {
    component: 'receiver file_log',
    settings: '{include: [a], operators: [{type: json_parsr}]}',
    reason: 'operators are not judged: each has settings of its own',
  },
  {
    component: 'receiver prometheus',
    settings: '{config: {scrape_configs: [{job_nam: a}]}}',
    reason: 'the Prometheus config inside is not judged: it is another program’s',
  },
  {
    component: 'receiver nginx',
    settings: '{metrics: {nginx.no_such_metric: {enabled: true}}}',
    reason: 'names of metrics are not judged: they differ from release to release',
  },
  {
    component: 'processor probabilistic_sampler',
    settings: '{sampling_percentage: 10, sampling_precision: 20}',
    reason: 'ranges of numbers are judged only where a rule of its own does',
  },
];
