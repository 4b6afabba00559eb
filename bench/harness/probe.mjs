// Loaded into every measured process: answers how much memory it holds and how long its event loop was held up.
import cluster from 'node:cluster';
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

const answers = {
  /** RSS in bytes once garbage is collected. */
  memory() {
    for (let round = 0; round < 3; round++) globalThis.gc();
    return process.memoryUsage().rss;
  },
  /** Microseconds of CPU time of all threads since the start. */
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** From now on `peak` is the most that was held since; only Linux tells. */
  resetPeak() {
    if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
  },
  /** Highest RSS in bytes since then; NaN elsewhere. */
  peak() {
    if (process.platform !== 'linux') return Number.NaN;
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kilobytes) * 1_024;
  },
  /** Timers, sockets and other things that the event loop waits for: how many there are of each type. */
  handles() {
    const counts = {};
    for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  },
  resetDelay() {
    delay.reset();
  },
  /** Milliseconds beyond the sampling interval. */
  delay() {
    const beyond = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    return { p99: beyond(delay.percentile(99)), max: beyond(delay.max) };
  },
};

process.on('message', (message) => {
  if (message.probe) process.send({ id: message.id, value: answers[message.kind]() });
});
// A socket process lives by its channel until it listens.
if (!cluster.isWorker) process.channel?.unref();
