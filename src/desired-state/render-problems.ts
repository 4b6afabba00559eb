import type { Position, Problem, Severity } from '../model/index.ts';

/** What each problem code of rendering means, for docs/errors.md. */
export const renderProblems = {
  FR201: {
    severity: 'error',
    title: 'variable not defined',
    fix: 'Declare it under `vars` of the Fleet, the Tenant, the AgentConfig or the overlay, or give a default: `$(vars.x:-fallback)`.',
  },
  FR202: {
    severity: 'warning',
    title: 'looks like a forgotten `vars.`',
    fix: 'Write `$(vars.<name>)` in a value. Any other `$(…)`, and any in a key, is passed on as it is.',
  },
  FR203: {
    severity: 'error',
    title: '`remove` names nothing',
    fix: 'Write the path as the layers below have it, such as `exporters::otlp_http::sending_queue`.',
  },
  FR204: {
    severity: 'error',
    title: 'nested setting for a flat config',
    fix: 'An EDOT SDK takes single values only.',
  },
  FR205: {
    severity: 'error',
    title: 'agent attribute not listed',
    fix: 'Add the attribute to `agentVars` in fleet.yaml: agents report it, so its use is a decision of the fleet.',
  },
  FR206: {
    severity: 'error',
    title: 'secret not defined',
    fix: 'Add the key to `secrets.sops.yaml` in the tenant’s folder (`sops edit`), or give a default: `$(secrets.x:-fallback)`.',
  },
  FR207: {
    severity: 'error',
    title: 'variable reference not readable',
    fix: 'Write `$(vars.<name>)` or `$(vars.<name>:-default)`; a literal `$(` is written `$$(`.',
  },
  FR208: {
    severity: 'error',
    title: 'rendering too large',
    fix: 'Split the AgentConfig or raise `limits.maxConfigBytes`.',
  },
  FR209: {
    severity: 'error',
    title: 'resource without a name',
    fix: 'Give the OpenTelemetryCollector `metadata.namespace` and `metadata.name`, or use `files`.',
  },
  FR210: {
    severity: 'error',
    title: 'resource that the bridge refuses',
    fix: 'Write a whole OpenTelemetryCollector (`opentelemetry.io/v1beta1`) with `spec.config` and the label `opentelemetry.io/opamp-managed: "true"`.',
  },
  FR211: {
    severity: 'error',
    title: 'resource under another name',
    fix: 'Key it as `namespace/name`, exactly one slash, and let `metadata` say the same.',
  },
  FR212: {
    severity: 'warning',
    title: 'setting that no EDOT SDK knows',
    fix: 'SDKs ignore it. Correct the name, or delete it.',
  },
  FR213: {
    severity: 'error',
    title: 'value that an EDOT SDK refuses',
    fix: 'Write one of the values that the message names.',
  },
  FR214: {
    severity: 'error',
    title: 'overlay without a file to go to',
    fix: 'With several `files` an overlay can only set `vars`. Split the AgentConfig, or use a variable.',
  },
  FR215: {
    severity: 'error',
    title: 'secret in a variable',
    fix: 'A variable’s value is filled in once and not looked at again. Write `$(secrets.<key>)` in the body itself.',
  },
  OC039: {
    severity: 'error',
    title: 'extension of the Supervisor',
    fix: 'Remove `extensions.opamp`: the Supervisor sets it, and overriding it can cut the agent off from this server.',
  },
  OC040: {
    severity: 'error',
    title: 'empty rendering',
    fix: 'An empty config would stop the agent, so it is never sent. To stop managing agents, change the selector.',
  },
} as const satisfies Readonly<
  Record<string, { readonly severity: Severity; readonly title: string; readonly fix: string }>
>;

/** A code of `renderProblems`. */
export type RenderProblemCode = keyof typeof renderProblems;

/** A problem with one of these codes at its usual severity. */
export function renderProblem(code: RenderProblemCode, at: Position, message: string): Problem {
  const { file, line, column } = at;
  return { code, severity: renderProblems[code].severity, file, line, column, message };
}
