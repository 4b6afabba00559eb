import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import type { ConfigEngine, RenderRequest } from '../ports.ts';
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
    for await (const { batch, results } of renderAll(engine, usable)) {
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

/** In batches, so that nobody waits long for either thread: while one is taken over, the next is rendered. */
async function* renderAll(engine: ConfigEngine, requests: readonly RenderRequest[]) {
  const ask = (start: number) => {
    const batch = requests.slice(start, start + batchSize);
    const asked = engine.render(batch).then((results) => ({ batch, results }));
    // Whoever comes to it hears of its failure; the pass may have ended before.
    asked.catch(() => undefined);
    return asked;
  };
  let asked = requests.length > 0 ? ask(0) : undefined;
  for (let start = batchSize; asked; start += batchSize) {
    const rendered = await asked;
    asked = start < requests.length ? ask(start) : undefined;
    yield rendered;
  }
}

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
