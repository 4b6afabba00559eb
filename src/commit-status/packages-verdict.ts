import type { PackagesStanding, TenantSummary } from '../model/index.ts';
import { safeHost } from './reduce-reason.ts';
import { countText, fitList } from './status-text.ts';
import { steppedVerdict } from './stepped-verdict.ts';
import type { Verdict } from './verdict.ts';

/** The verdict on configs together with the one on packages, where the commit changes any: the worse of the two tells. */
export function withPackages(configs: Verdict, { packages, agents }: TenantSummary): Verdict {
  if (!packages || packages.matched === 0) return configs;
  const own = steppedPackagesVerdict(packages) ?? packagesVerdict(packages);
  if (agents.matched === 0) return own;
  const order = ['failure', 'error', 'pending', 'success'];
  const difference = order.indexOf(own.state) - order.indexOf(configs.state);
  if (difference !== 0) return difference < 0 ? own : configs;
  return { ...configs, text: fitList('', [configs.text, own.text], '; ') };
}

/** By the rollouts of its Packages; where nothing else is left to come, who of all agents is held fails it. */
function steppedPackagesVerdict(standing: PackagesStanding): Verdict | undefined {
  const { rollouts, held } = standing;
  const stepped = steppedVerdict(rollouts ?? []);
  if (!stepped) return undefined;
  const isOver = stepped.state === 'success' || (stepped.state === 'pending' && hasEnded(standing));
  return held > 0 && isOver ? heldVerdict(held) : { ...stepped, text: `packages: ${stepped.text}` };
}

function hasEnded({ connected, installed, failed, held, unconfirmed }: PackagesStanding): boolean {
  return installed + failed + held + unconfirmed >= connected;
}

function heldVerdict(held: number): Verdict {
  return { state: 'failure', text: `packages: ${countText(held, 'agent')} held, no file to offer them` };
}

function packagesVerdict(standing: PackagesStanding): Verdict {
  const { matched, connected, installed, failed, held, unconfirmed } = standing;
  if (connected === 0) return { state: 'pending', text: `packages: waiting, 0/${matched} connected` };
  if (!hasEnded(standing)) return { state: 'pending', text: `packages: ${installed}/${matched} installed` };
  if (failed > 0) return { state: 'failure', text: failedText(standing) };
  if (held > 0) return heldVerdict(held);
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
