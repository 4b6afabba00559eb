import { createPackageFleet, type PackageFleet, type PackageFleetOptions } from './package-fleet.ts';
import { carefulRollout, statusOf } from './rollout-story.ts';
import { collectorText } from './service.ts';
import { createTestReconciler, type TestReconciler } from './test-reconciler.ts';

/** A repo whose only Package offers this version of `otelcol` for linux/amd64, by the rollout `careful`. */
export function packageFiles(
  version: string,
  over: { readonly rollout?: string; readonly selector?: string; readonly named?: string | undefined } = {},
): Record<string, string> {
  const { selector = '{}', named = 'careful' } = over;
  return {
    'careful.yaml': over.rollout ?? carefulRollout,
    'nobody.yaml':
      'kind: AgentConfig\nselector: {matchLabels: {role: none}}\nconfig: collector.yaml\nrollout: careful\n',
    'collector.yaml': collectorText(),
    'packages/otelcol.yaml': [
      'kind: Package',
      `selector: ${selector}`,
      ...(named === '' ? [] : [`rollout: ${named}`]),
      'packages:',
      '  otelcol:',
      `    version: ${version}`,
      '    files:',
      '      - os: linux',
      '        arch: amd64',
      `        url: https://files.example/otelcol-${version}`,
      `        sha256: ${Buffer.from(version).toString('hex').padEnd(64, '0')}`,
      '',
    ].join('\n'),
  };
}

export interface PackageStory {
  readonly test: TestReconciler;
  readonly fleet: PackageFleet;
  /** The first commit. */
  readonly first: string;
}

/** A fleet that has version 1.0.0 installed, and settled on it. */
export async function installedStory(
  options: Partial<PackageFleetOptions> = {},
  files: Readonly<Record<string, string>> = packageFiles('1.0.0'),
): Promise<PackageStory> {
  const test = createTestReconciler();
  const first = await test.commit(files);
  const fleet = createPackageFleet(test, { count: 40, ...options });
  await test.reconciler.idle();
  if (!(await fleet.runUntil(() => statusOf(test, first)?.state === 'success', 900)))
    throw new Error(`not installed: ${statusOf(test, first)?.description}`);
  return { test, fleet, first };
}

/** The rollout of the Package of the only tenant. */
export function packageRolloutOf(test: TestReconciler) {
  const unit = test.reconciler.world.rollouts.ofPackage('default', 'otelcol');
  if (!unit) throw new Error('no rollout of the Package');
  return unit.state;
}
