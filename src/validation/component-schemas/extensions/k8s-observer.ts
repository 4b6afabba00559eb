import { kubernetesApiFields } from '../blocks/kubernetes.ts';
import { bool, listOf, settings, text } from '../shape.ts';

/** Settings of the k8s_observer extension. */
export const k8sObserverExtension = settings({
  ...kubernetesApiFields,
  namespaces: listOf(text),
  node: text,
  observe_ingresses: bool,
  observe_nodes: bool,
  observe_pods: bool,
  observe_services: bool,
});
