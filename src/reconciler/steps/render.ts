import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import type { World } from '../world.ts';

/** Makes the renderings that agents want, once per distinct result. */
export const renderStep: Step<Pass> = {
  name: 'render',
  async run(pass) {
    const { world, engine } = pass.deps;
    const wanted = world.renderings.takeWanted();
    const usable = wanted.flatMap(({ tenant, assigned, inputsHash, revision }) => {
      if (revision) return [{ revision, tenant, assigned }];
      const snapshot = world.inForce.get(tenant)?.snapshot;
      const config = snapshot?.configs.find(({ name }) => name === assigned.config);
      return snapshot && config?.inputsHash === inputsHash
        ? [{ revision: snapshot.revision, tenant, assigned }]
        : [];
    });
    for (let start = 0; start < usable.length; start += batchSize) {
      const batch = usable.slice(start, start + batchSize);
      const results = await engine.render(batch);
      for (const [index, result] of results.entries()) {
        const request = batch[index];
        if (!request || !result) continue;
        world.renderings.put(request.assigned.renderKey, result);
      }
    }
    if (usable.length > 0) touchWaiting(pass, new Set(usable.map(({ assigned }) => assigned.renderKey)));
    for (const { tenant, assigned } of wanted.filter(({ revision }) => revision !== undefined))
      for (const { agent } of world.registry.ofConfig(tenant, assigned.config)) pass.touched.add(agent.uid);
    if (pass.replaced.size > 0 || pass.forgotten > 0) retainUsed(pass);
  },
};

const batchSize = 256;

function touchWaiting(pass: Pass, keys: ReadonlySet<string>): void {
  for (const { agent, assignment } of pass.deps.world.registry.entries())
    if (assignment.kind === 'assigned' && keys.has(assignment.renderKey)) pass.touched.add(agent.uid);
}

function retainUsed(pass: Pass): void {
  const { world, clock } = pass.deps;
  const used = new Set<string>();
  for (const { assignment } of world.registry.entries())
    if (assignment.kind === 'assigned') used.add(assignment.renderKey);
  for (const key of keysToGoBackTo(world, clock.now())) used.add(key);
  world.renderings.retain(used);
}

/** What agents may be sent back to, by a rollback or a pin. */
function* keysToGoBackTo(world: World, now: number): IterableIterator<string> {
  for (const { kind, state, tenant, name } of world.rollouts.units()) {
    if (kind !== 'config') continue;
    const earlier = [state.lastGood, state.pin?.target].filter((one) => one && one.key !== state.target.key);
    if (earlier.length === 0) continue;
    for (const { agent } of world.registry.ofConfig(tenant, name))
      for (const target of earlier) {
        const found = target && world.archive.assign(tenant, name, target, agent.labels, now);
        if (found) yield found.assigned.renderKey;
      }
  }
}
