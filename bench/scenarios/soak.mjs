import { median } from '../harness/statistics.mjs';
import { oneConfig } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

/** Minutes that are lived through; each loses and regains this share of the agents, and every third has a rollout. */
const churnPerMinute = 0.05;
const rolloutEvery = 3;
/** Memory is that of caches that still fill before it. */
const settledAfter = 1 / 2;

/** Least squares: how much `values` grow from one to the next. */
function slopeOf(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return over / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

/** An hour of a fleet with churn and rollouts, as fast as it goes: what grows although nothing should. */
export function measureSoak({ soakAgents: agents, soakMinutes: minutes, clients }) {
  return withFleet({ files: oneConfig(0), agents, clients }, async ({ muster, clients: load, rollOut }) => {
    await load.connect();
    const samples = [];
    for (let minute = 1; minute <= minutes; minute++) {
      await load.churn(churnPerMinute);
      if (minute % rolloutEvery !== 0) continue;
      await rollOut(oneConfig(minute), `minute ${minute}`);
      samples.push({ bytes: await muster.probe('memory'), handles: await muster.probe('handles') });
    }
    const settled = samples.slice(Math.floor(samples.length * settledAfter));
    const bytes = settled.map((sample) => sample.bytes);
    const handles = settled.map((sample) => sample.handles);
    return {
      agents,
      minutes,
      growthPerHour: ((slopeOf(bytes) / rolloutEvery) * 60) / median(bytes),
      handleGrowth: Math.max(0, handles.at(-1) - handles[0]),
      samples,
    };
  });
}
