import { kubernetesApiFields } from '../blocks/kubernetes.ts';
import { bool, duration, listOf, settings, text } from '../shape.ts';

const fieldExtract = settings({ from: text, key: text, key_regex: text, tag_name: text });

const fieldFilter = settings({ key: text, op: text, value: text });

/** Settings of the k8s_attributes processor. */
export const k8sAttributesProcessor = settings({
  ...kubernetesApiFields,
  exclude: settings({ pods: listOf(settings({ name: text })) }),
  extract: settings({
    annotations: listOf(fieldExtract),
    deployment_name_from_replicaset: bool,
    labels: listOf(fieldExtract),
    metadata: listOf(text),
    otel_annotations: bool,
  }),
  filter: settings({
    fields: listOf(fieldFilter),
    labels: listOf(fieldFilter),
    namespace: text,
    node: text,
    node_from_env_var: text,
  }),
  passthrough: bool,
  pod_association: listOf(settings({ sources: listOf(settings({ from: text, name: text })) })),
  pod_delete_grace_period: duration,
  wait_for_metadata: bool,
  wait_for_metadata_timeout: duration,
  watch_sync_period: duration,
});
