import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import { compareCollectorTrees } from '../../../src/agent-types/otelcol/compare-collector.ts';
import { mapScalars, stringNode, walk } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';

// `<name>.<version>.yaml` is what a collector of that version makes of `<name>.desired.yaml` (`print-config`): the same typed
// settings, written out again with their defaults, that it reports as its effective config. Between them the files use
// sixty components.
const { otelcol } = agentTypes;
const read = (name: string) => readFileSync(new URL(`./effective/${name}`, import.meta.url));
const desiredOf = (name: string) => otelcol.parse(read(`${name}.desired.yaml`), `${name}.yaml`).tree!;
const reportOf = (name: string, version: string) => read(`${name}.${version}.yaml`).toString();

function pathsOfScalars(tree: ConfigNode): string[] {
  const paths: string[] = [];
  walk(tree, (node, path) => {
    if (node.kind === 'scalar' && node.type !== 'null') paths.push(path.join('::'));
    return undefined;
  });
  return paths;
}

function changeAt(tree: ConfigNode, target: string): ConfigNode {
  return mapScalars(tree, (scalar, path) => (path.join('::') === target ? stringNode('changed', scalar.at) : scalar));
}

const records = [
  ['gateway', '0.159'],
  ['options', '0.159'],
  ['hosts', '0.159'],
  ['kubernetes', '0.159'],
  ['backbone', '0.159'],
  ['older', '0.159'],
  ['older', '0.139'],
] as const;

describe.each(records)('what a collector reports of %s, version %s', (name, version) => {
  const desired = desiredOf(name);

  it('is in sync, redacted or not', () => {
    expect(otelcol.compare(desired, reportOf(name, version))).toEqual({ verdict: 'in-sync', differences: [] });
    const { text } = otelcol.redact(reportOf(name, version), { desired });
    expect(otelcol.compare(desired, text)).toEqual({ verdict: 'in-sync', differences: [] });
  });

  it('is in sync no more when any desired value is another, but for those that are not reported', () => {
    const report = otelcol.parse(read(`${name}.${version}.yaml`), 'report').tree!;
    const unseen = pathsOfScalars(desired).filter((path) => {
      return compareCollectorTrees(changeAt(desired, path), report).verdict === 'in-sync';
    });
    expect(unseen).toEqual(unreported[name]);
  });
});

it('the records use every kind of component', () => {
  const used = new Set(records.flatMap(([name]) => otelcol.components(desiredOf(name))));
  expect(used.size).toBeGreaterThanOrEqual(60);
});

/**
 * Headers and keys are masked by the collector; scrapers, operators and policies are not written out with the names that
 * they are read by; a sizer is `{}`; a password is one that only the agent knows.
 */
const unreported: Readonly<Record<string, readonly string[]>> = {
  gateway: [
    'receivers::otlp::protocols::http::response_headers::x',
    'receivers::hostmetrics::scrapers::load::cpu_average',
    'receivers::hostmetrics::scrapers::filesystem::exclude_mount_points::mount_points::0',
    'receivers::hostmetrics::scrapers::filesystem::exclude_mount_points::match_type',
    'exporters::otlphttp::headers::X-Scope-OrgID',
    'exporters::otlphttp::headers::b',
    'exporters::otlphttp::sending_queue::sizer',
  ],
  options: [
    'receivers::otlp/2::protocols::grpc::tls::cert_pem',
    'receivers::otlp/2::protocols::grpc::tls::key_pem',
    'exporters::otlp_http/c::sending_queue::batch::sizer',
  ],
  hosts: [
    'receivers::file_log::operators::0::type',
    'receivers::file_log::operators::0::timestamp::parse_from',
    'receivers::file_log::operators::0::timestamp::layout',
    'receivers::file_log::operators::1::type',
    'receivers::file_log::operators::1::from',
    'receivers::file_log::operators::1::to',
    'receivers::host_metrics::scrapers::cpu::metrics::system.cpu.utilization::enabled',
    'receivers::host_metrics::scrapers::filesystem::exclude_fs_types::fs_types::0',
    'receivers::host_metrics::scrapers::filesystem::exclude_fs_types::fs_types::1',
    'receivers::host_metrics::scrapers::filesystem::exclude_fs_types::match_type',
    'receivers::host_metrics::scrapers::network::include::interfaces::0',
    'receivers::host_metrics::scrapers::network::include::match_type',
    'receivers::host_metrics::scrapers::process::mute_process_name_error',
    'exporters::otlp_grpc::headers::x-tenant',
  ],
  kubernetes: ['receivers::mysql::password', 'exporters::prometheus_remote_write::headers::X-Scope-OrgID'],
  backbone: [
    'processors::tail_sampling::policies::0::name',
    'processors::tail_sampling::policies::0::type',
    'processors::tail_sampling::policies::0::status_code::status_codes::0',
    'processors::tail_sampling::policies::1::name',
    'processors::tail_sampling::policies::1::type',
    'processors::tail_sampling::policies::1::latency::threshold_ms',
    'processors::tail_sampling::policies::2::name',
    'processors::tail_sampling::policies::2::type',
    'processors::tail_sampling::policies::2::and::and_sub_policy::0::name',
    'processors::tail_sampling::policies::2::and::and_sub_policy::0::type',
    'processors::tail_sampling::policies::2::and::and_sub_policy::0::probabilistic::sampling_percentage',
    'processors::tail_sampling::policies::2::and::and_sub_policy::1::name',
    'processors::tail_sampling::policies::2::and::and_sub_policy::1::type',
    'processors::tail_sampling::policies::2::and::and_sub_policy::1::string_attribute::key',
    'processors::tail_sampling::policies::2::and::and_sub_policy::1::string_attribute::values::0',
    'exporters::otlp_http::sending_queue::sizer',
    'exporters::debug::verbosity',
    'extensions::basicauth::client_auth::password',
    'extensions::oauth2client::client_secret',
  ],
  older: [
    'receivers::otlp::protocols::http::response_headers::x',
    'receivers::filelog::operators::0::type',
    'receivers::hostmetrics::scrapers::load::cpu_average',
    'exporters::otlphttp::headers::X-Scope-OrgID',
    'exporters::otlphttp::sending_queue::sizer',
  ],
};
