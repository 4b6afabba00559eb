// Posts pending, then a verdict, for three contexts until it is killed. Arguments: API URL, store directory, sha.
import { createGitHost, createOutbox } from '../../dist/commit-status/index.js';
import { createSilentLogger } from '../../dist/runtime/index.js';
import { openFileOutboxStore } from './git-host-file-store.mjs';

const [apiUrl, directory, sha] = process.argv.slice(2);
const haste = 20;
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() * haste,
  after(ms, callback) {
    const timer = setTimeout(callback, ms / haste);
    return () => clearTimeout(timer);
  },
};
const { statuses } = createGitHost(
  { clock },
  {
    host: { type: 'github', apiUrl, repo: 'acme/fleet' },
    credential: { kind: 'token', readToken: () => 'gh-token' },
    branch: 'main',
  },
);
const store = await openFileOutboxStore(directory);
const deps = {
  store,
  reporters: [statuses],
  clock,
  random: Math.random,
  breathe: async () => {},
  logger: createSilentLogger(),
};
const outbox = createOutbox(deps);
await outbox.start();

const contexts = ['muster/fleet', 'muster/acme', 'muster/validate'];
const submit = (state, description) =>
  outbox.submit(contexts.map((context) => ({ sha, context, state, description, attempt: 0 })));
submit('pending', 'waiting: 0/2 connected');
while (outbox.state().destinations[0].outstanding > 0) await new Promise((resolve) => setTimeout(resolve, 2));
submit('success', '2/2 applied and healthy');
setInterval(() => {}, 1_000);
