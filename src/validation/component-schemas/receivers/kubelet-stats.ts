import { kubernetesApi, kubernetesApiFields } from '../blocks/kubernetes.ts';
import { dialer } from '../blocks/net.ts';
import { enabledByName, scraperFields } from '../blocks/scraper.ts';
import { tlsFields } from '../blocks/tls.ts';
import { bool, listOf, settings, text } from '../shape.ts';

/** Settings of the kubelet_stats receiver. */
export const kubeletStatsReceiver = settings({
  ...scraperFields,
  ...kubernetesApiFields,
  ...tlsFields,
  collect_all_network_interfaces: settings({ node: bool, pod: bool }),
  dialer,
  endpoint: text,
  extra_metadata_labels: listOf(text),
  insecure_skip_verify: bool,
  k8s_api_config: kubernetesApi,
  metric_groups: listOf(text),
  metrics: enabledByName,
  node: text,
  resource_attributes: enabledByName,
});
