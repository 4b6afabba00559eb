import { handlesAtRest, leftOver } from '../harness/handles.mjs';
import { median } from '../harness/statistics.mjs';
import { oneConfig } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

/** Minutes that are lived through; each loses and regains this share of the agents, and every third has a rollout. */
const churnPerMinute = 0.05;
const rolloutEvery = 3;
/** Memory is that of caches that still fill before it. */
const settledAfter = 1 / 2;
/** Handles are counted from here on, early enough that the rest which that takes is no part of the memory's half. */
const openedAfter = 1 / 4;

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
    const rollouts = Math.floor(minutes / rolloutEvery);
    const bytes = [];
    let before = {};
    for (let minute = 1; minute <= minutes; minute++) {
      await load.churn(churnPerMinute);
      if (minute % rolloutEvery !== 0) continue;
      await rollOut(oneConfig(minute), `minute ${minute}`);
      bytes.push(await muster.probe('memory'));
      if (bytes.length === Math.ceil(rollouts * openedAfter))
        before = await handlesAtRest(() => muster.probe('handles'));
    }
    const settled = bytes.slice(Math.floor(rollouts * settledAfter));
    return {
      agents,
      minutes,
      growthPerHour: ((slopeOf(settled) / rolloutEvery) * 60) / median(settled),
      leftOver: leftOver(before, await handlesAtRest(() => muster.probe('handles'))),
      bytes,
    };
  });
}
