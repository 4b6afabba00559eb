import type { PackagesStanding, TenantSummary } from '../model/index.ts';
import { safeHost } from './reduce-reason.ts';
import { countText, fitList } from './status-text.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on configs together with the one on packages, where the commit changes any: the worse of the two tells. */
export function withPackages(configs: Verdict, { packages, agents }: TenantSummary): Verdict {
  if (!packages || packages.matched === 0) return configs;
  const own = packagesVerdict(packages);
  if (agents.matched === 0) return own;
  const order = ['failure', 'error', 'pending', 'success'];
  const difference = order.indexOf(own.state) - order.indexOf(configs.state);
  if (difference !== 0) return difference < 0 ? own : configs;
  return { ...configs, text: fitList('', [configs.text, own.text], '; ') };
}

function packagesVerdict(standing: PackagesStanding): Verdict {
  const { matched, connected, installed, failed, held, unconfirmed } = standing;
  if (connected === 0) return { state: 'pending', text: `packages: waiting, 0/${matched} connected` };
  if (installed + failed + held + unconfirmed < connected)
    return { state: 'pending', text: `packages: ${installed}/${matched} installed` };
  if (failed > 0) return { state: 'failure', text: failedText(standing) };
  if (held > 0)
    return { state: 'failure', text: `packages: ${countText(held, 'agent')} held, no file to offer them` };
  if (installed === 0)
    return { state: 'error', text: `no verdict: ${countText(unconfirmed, 'agent')} cannot confirm packages` };
  const rest = [
    ...(matched > connected ? [`${matched - connected} not connected`] : []),
    ...(unconfirmed > 0 ? [`${unconfirmed} cannot confirm`] : []),
  ];
  return { state: 'success', text: [`packages: ${installed}/${matched} installed`, ...rest].join(', ') };
}

const maxNamed = 5;

function failedText({ failed, failures }: PackagesStanding): string {
  const hosts = failures.slice(0, maxNamed).map(({ host, uid }) => safeHost(host) || safeHost(uid));
  return fitList(`packages: ${failed} failed: `, hosts);
}
