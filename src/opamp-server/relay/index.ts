export { createHub, type Hub } from './hub.ts';
export { createRelay, type Relay, type RelayDeps } from './relay.ts';
