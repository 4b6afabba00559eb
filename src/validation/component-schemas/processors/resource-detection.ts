import { retryOnFailure } from '../blocks/exporter.ts';
import { httpClientFields } from '../blocks/http.ts';
import { kubernetesApiFields } from '../blocks/kubernetes.ts';
import { enabledByName } from '../blocks/scraper.ts';
import { tlsClient } from '../blocks/tls.ts';
import { any, bool, duration, type Fields, int, listOf, mapOf, settings, since, text } from '../shape.ts';

const attributes = { resource_attributes: enabledByName } satisfies Fields;
const plain = settings(attributes);
const strict = settings({ ...attributes, fail_on_missing_metadata: bool });
const kubernetesNode = settings({ ...attributes, ...kubernetesApiFields, node_from_env_var: text });

/** Settings of the resource_detection processor. */
export const resourceDetectionProcessor = settings({
  ...httpClientFields,
  akamai: plain,
  aks: plain,
  alibaba_ecs: strict,
  azure: settings({ ...attributes, tags: listOf(text) }),
  azurecontainerapps: plain,
  consul: settings({
    ...attributes,
    address: text,
    datacenter: text,
    meta: mapOf(any),
    namespace: text,
    ...attributes,
    token: text,
    token_file: text,
  }),
  detectors: listOf(text),
  digitalocean: plain,
  docker: plain,
  ec2: settings({
    ...attributes,
    fail_on_missing_metadata: bool,
    max_attempts: int,
    max_backoff: duration,
    ...attributes,
    tags: listOf(text),
    tags_from_imds: bool,
  }),
  ecs: plain,
  eks: settings({ node_from_env_var: text, ...attributes }),
  elasticbeanstalk: plain,
  fail_on_missing_metadata: bool,
  gcp: settings({ labels: listOf(text), ...attributes }),
  heroku: plain,
  hetzner: plain,
  ibmcloud_classic: plain,
  ibmcloud_vpc: settings({ protocol: text, ...attributes }),
  k8s_api: since(154, kubernetesNode),
  k8snode: kubernetesNode,
  kubeadm: settings({ ...kubernetesApiFields, ...attributes }),
  lambda: plain,
  nova: settings({ ...attributes, fail_on_missing_metadata: bool, labels: listOf(text) }),
  openshift: settings({ ...attributes, address: text, tls: tlsClient, token: text }),
  oraclecloud: plain,
  override: bool,
  refresh_interval: duration,
  retry: retryOnFailure,
  scaleway: plain,
  system: settings({ hostname_sources: listOf(text), ...attributes }),
  tencent_cvm: strict,
  upcloud: strict,
  vultr: strict,
});
