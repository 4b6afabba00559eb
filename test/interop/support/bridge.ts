import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { type ForeignProcess, startProcess } from './foreign-process.ts';

export interface BridgeOptions {
  /** Path of the bridge's program. */
  readonly program: string;
  readonly endpoint: string;
  readonly token: string;
  readonly cluster: Cluster;
  /** Folder that is the bridge's own. */
  readonly folder: string;
}

/** Starts the operator's OpAMP bridge against a cluster; it ends by `stop('SIGINT')`. */
export function startBridge({ program, endpoint, token, cluster, folder }: BridgeOptions): ForeignProcess {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: string) => {
    writeFileSync(join(folder, name), value);
    return join(folder, name);
  };
  const config = {
    endpoint,
    headers: { Authorization: `Bearer ${token}` },
    capabilities: {
      ReportsStatus: true,
      AcceptsRemoteConfig: true,
      ReportsEffectiveConfig: true,
      ReportsHealth: true,
      ReportsRemoteConfig: true,
    },
    description: { non_identifying_attributes: { 'k8s.cluster.name': 'east' } },
  };
  return startProcess(program, [
    ...['--config-file', write('bridge.yaml', JSON.stringify(config))],
    ...['--kubeconfig-path', write('kubeconfig', cluster.kubeconfig)],
    ...['--listen-addr', '127.0.0.1:0', '--heartbeat-interval', '1s'],
  ]);
}
