import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const probe = new URL('./probe.mjs', import.meta.url).href;
/** Where every measured process leaves its CPU profile, if anywhere. */
const { BENCH_PROFILES: folder } = process.env;
const profiling = folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
const answerMs = 120_000;

/**
 * Starts a Node process that is measured: `call(kind, args)` asks it over IPC, `probe(kind)` asks the probe inside it.
 * Anything that it does not answer within two minutes is an error.
 */
export function startChild(script, args = [], options = {}) {
  const path = script instanceof URL ? fileURLToPath(script) : script;
  const child = fork(path, args, {
    execArgv: ['--expose-gc', '--import', probe, ...profiling],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    ...options,
  });
  const waiting = new Map();
  let lastId = 0;
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      tail = (tail + text).slice(-4_000);
    });
  }
  const ready = new Promise((resolve) => {
    child.on('message', (message) => message.ready && resolve());
    child.on('exit', resolve);
  });
  child.on('message', (message) => {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  child.on('exit', (code) => {
    for (const settle of waiting.values()) settle({ error: `process ended with ${code}: ${tail}` });
  });

  const running = () => child.exitCode === null && child.signalCode === null;

  async function send(message) {
    if (!running()) throw new Error(`process is gone: ${tail}`);
    lastId += 1;
    const id = lastId;
    const answer = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ error: `no answer to ${message.kind}: ${tail}` }), answerMs);
      waiting.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      child.send({ ...message, id });
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  async function stop() {
    if (!running()) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(timer);
  }

  return {
    pid: child.pid,
    call: (kind, value) => ready.then(() => send({ kind, value })),
    probe: (kind) => send({ probe: true, kind }),
    output: () => tail,
    running,
    stop,
  };
}

/** Answers `call`s in a child: `handlers[kind](value)` may be asynchronous. */
export function answerCalls(handlers) {
  process.channel.ref();
  // Sent now and not before: the probe alone would swallow calls that come while modules are still loading.
  process.send({ ready: true });
  process.on('message', async ({ id, kind, value, probe: forProbe }) => {
    if (forProbe) return;
    try {
      process.send({ id, value: await handlers[kind](value) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
}
