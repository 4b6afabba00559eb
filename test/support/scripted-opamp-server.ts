import { createHash } from 'node:crypto';
import {
  type AgentReport,
  type ConfigHash,
  configHash,
  type InstanceUid,
  type RenderedConfig,
} from '../../src/model/index.ts';
import {
  createOpampServer,
  type OpampHandler,
  type OpampServer,
  type OpampServerOptions,
  type Reply,
} from '../../src/opamp-server/index.ts';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';

const encoder = new TextEncoder();

/** A config to offer, hashed over its text. */
export function rendered(text: string): RenderedConfig {
  const hash = configHash(createHash('sha256').update(text).digest('hex'));
  return { hash, files: [{ key: '', contentType: 'text/yaml', body: encoder.encode(text) }], components: [] };
}

/** What the scripted server saw, newest last, and what it will do next. */
export interface Script {
  readonly server: OpampServer;
  readonly ws: string;
  readonly http: string;
  readonly reports: AgentReport[];
  readonly gone: InstanceUid[];
  /** Answers the next report with this, once. */
  answerNext(reply: Partial<Reply>): void;
  /** Offered to every agent that reports another hash. */
  setTarget(config: RenderedConfig): void;
  /** Callers get this status until it is undefined again. */
  refuseWith(status: 401 | 503 | undefined, retryAfterSeconds?: number): void;
  /** How often a caller asked to be let in. */
  attempts(): number;
  statuses(): readonly (readonly [state: string, hash: ConfigHash | ''])[];
  close(): Promise<void>;
}

/** The real OpAMP server with a handler that records, and offers one target. */
export async function startScriptedServer(options: Partial<OpampServerOptions> = {}): Promise<Script> {
  const reports: AgentReport[] = [];
  const gone: InstanceUid[] = [];
  const known = new Map<InstanceUid, string>();
  let next: Partial<Reply> = {};
  let attempts = 0;
  let target: RenderedConfig | undefined;
  let refusal: { status: 401 | 503; retryAfterSeconds: number } | undefined;
  const handler: OpampHandler = {
    authenticate() {
      attempts += 1;
      if (refusal) return { kind: 'rejected', reason: 'scripted', ...refusal };
      return { kind: 'accepted', tenant: 'default', credential: 'test', scope: 'full' };
    },
    receive(report) {
      reports.push(report);
      if (report.remoteConfigStatus) known.set(report.uid, report.remoteConfigStatus.hash);
      const reply = next;
      next = {};
      const isDue = target !== undefined && known.get(report.uid) !== target.hash && !report.disconnect;
      return { reportFullState: false, ...(isDue ? { offer: target! } : {}), ...reply };
    },
    disconnected: (uids) => void gone.push(...uids),
  };
  const deps = { handler, clock: createSystemClock(), logger: createSilentLogger(), random: Math.random };
  const server = createOpampServer({ host: '127.0.0.1', port: 0, drainMs: 0, ...options }, deps);
  const { port } = await server.listen();
  return {
    server,
    ws: `ws://127.0.0.1:${port}/v1/opamp`,
    http: `http://127.0.0.1:${port}/v1/opamp`,
    reports,
    gone,
    answerNext(reply) {
      next = reply;
    },
    setTarget(config) {
      target = config;
    },
    refuseWith(status, retryAfterSeconds = 0) {
      refusal = status && { status, retryAfterSeconds };
    },
    attempts: () => attempts,
    statuses: () =>
      reports.flatMap(({ remoteConfigStatus: status }) =>
        status ? [[status.state, status.hash] as const] : [],
      ),
    close: () => server.close(),
  };
}
