/** The label that lets the bridge change a resource: `"true"`, or the bridge's own name. */
export const managedLabel = 'opentelemetry.io/opamp-managed';

/** The label with which the bridge reports a resource and refuses to change it. */
export const reportingLabel = 'opentelemetry.io/opamp-reporting';
