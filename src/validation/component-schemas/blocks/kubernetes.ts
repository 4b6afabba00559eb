import { choice, type Fields, float, int, settings, text } from '../shape.ts';

/** How the Kubernetes API is reached. */
export const kubernetesApiFields = {
  auth_type: choice('none', 'serviceAccount', 'kubeConfig', 'tls', ''),
  context: text,
  kube_api_burst: int,
  kube_api_qps: float,
} satisfies Fields;

/** The Kubernetes API. */
export const kubernetesApi = settings(kubernetesApiFields);
