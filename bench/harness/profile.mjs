/**
 * Sizes of a run. `smoke` takes under two minutes on two cores; `full` is the 50,000-agent profile, with three server
 * and three client processes where the server under test can use them.
 */
export const profiles = {
  smoke: {
    name: 'smoke',
    agents: 2_000,
    servers: 1,
    clients: 1,
    rounds: 6,
    blastMs: 3_000,
    selectors: 300,
    indexedAgents: 100_000,
    storedAgents: 20_000,
    repoFiles: 2_000,
    validatedConfigs: 1_000,
    validatedBodies: 250,
    polls: 60,
    shapeAgents: 1_000,
    idleMs: 10_000,
    repoTenants: 50,
    soakAgents: 500,
    soakMinutes: 60,
    reportedAgents: 20_000,
    pageAgents: 2_000,
    pageTenants: 200,
    pageFiles: 1_000,
    pageServers: 1,
    pageLiveMs: 10_000,
  },
  full: {
    name: 'full',
    agents: 50_000,
    servers: 3,
    clients: 3,
    rounds: 6,
    blastMs: 10_000,
    selectors: 1_000,
    indexedAgents: 100_000,
    storedAgents: 100_000,
    repoFiles: 20_000,
    validatedConfigs: 2_000,
    validatedBodies: 500,
    polls: 200,
    shapeAgents: 15_000,
    idleMs: 30_000,
    repoTenants: 500,
    soakAgents: 5_000,
    soakMinutes: 60,
    reportedAgents: 50_000,
    pageAgents: 50_000,
    pageTenants: 2_000,
    pageFiles: 6_000,
    pageServers: 3,
    pageLiveMs: 600_000,
  },
};

/** Connections that one process can hold where 20,000 open files are allowed. */
export const maxConnectionsPerProcess = 17_000;

/** Connections from one source address: more slow connecting three-fold (docs/performance.md). */
export const connectionsPerAddress = 2_500;

/** Bytes of the offered config, in the raw limit and in the fleet repo alike. */
export const configBytes = 4_096;
