import { maskSecrets, maskTexts } from '../agent-types/index.ts';
import type { AgentReport, ComponentHealth, PackageStatuses } from '../model/index.ts';

/**
 * A report whose words for people are fit to be kept and shown: agents quote their configs in errors, so what looks like a
 * secret, or is one of the tenant's (`secrets`), is masked.
 */
export function concealReport(report: AgentReport, secrets: () => readonly string[]): AgentReport {
  const { health, remoteConfigStatus, connectionSettingsStatus, packageStatuses } = report;
  if (!health && !packageStatuses && isMute(remoteConfigStatus) && isMute(connectionSettingsStatus))
    return report;
  let known: readonly string[] | undefined;
  const conceal: Conceal = (text) => {
    if (text === '' || plainStatus.test(text)) return text;
    known ??= secrets();
    return maskSecrets(maskTexts(text, known));
  };
  return {
    ...report,
    ...(health && { health: concealHealth(health, conceal) }),
    ...(remoteConfigStatus && { remoteConfigStatus: concealError(remoteConfigStatus, conceal) }),
    ...(connectionSettingsStatus && {
      connectionSettingsStatus: concealError(connectionSettingsStatus, conceal),
    }),
    ...(packageStatuses && { packageStatuses: concealPackages(packageStatuses, conceal) }),
  };
}

/** What collectors report of every component, all the time. */
const plainStatus = /^Status[A-Z][A-Za-z]{1,24}$/;

function isMute(status: { readonly errorMessage: string } | undefined): boolean {
  return status === undefined || status.errorMessage === '';
}

type Conceal = (text: string) => string;

function concealHealth(health: ComponentHealth, conceal: Conceal): ComponentHealth {
  const { lastError, status, components } = health;
  return {
    ...health,
    lastError: conceal(lastError),
    status: conceal(status),
    components: new Map([...components].map(([name, inner]) => [name, concealHealth(inner, conceal)])),
  };
}

function concealError<Status extends { readonly errorMessage: string }>(
  status: Status,
  conceal: Conceal,
): Status {
  return status.errorMessage === '' ? status : { ...status, errorMessage: conceal(status.errorMessage) };
}

function concealPackages(statuses: PackageStatuses, conceal: Conceal): PackageStatuses {
  const packages = new Map(
    [...statuses.packages].map(([name, status]) => [name, concealError(status, conceal)] as const),
  );
  return { ...concealError(statuses, conceal), packages };
}
