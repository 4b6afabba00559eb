import { serveRelayWorker } from './relays/serve-relay-worker.ts';

serveRelayWorker(process);
