import { type Clock, createSystemClock, type Logger } from '../../runtime/index.ts';
import { campaign } from '../postgres/campaign.ts';
import type { Leadership } from '../postgres/leadership.ts';
import { postgresFailure } from '../postgres/postgres-failure.ts';
import {
  type CampaignNews,
  type CampaignRequest,
  type LogLevel,
  machineMs,
  sharedTimes,
} from './campaign-protocol.ts';
import { toSent } from './protocol.ts';

/** The thread's end of a message channel; Node's `parentPort` is one. */
export interface CampaignPort {
  on(event: 'message', listener: (request: CampaignRequest) => void): unknown;
  postMessage(news: CampaignNews): void;
  close(): void;
}

/** Asks for the leadership on behalf of the thread that tells it to, and keeps it until that resigns. */
export function serveCampaign(port: CampaignPort): void {
  const ending = new AbortController();
  let led: Promise<Leadership | undefined> = Promise.resolve(undefined);

  async function run(request: Extract<CampaignRequest, { kind: 'campaign' }>) {
    const { options, shared, aheadMs, hangMs } = request;
    const times = sharedTimes(shared);
    const clock = createOtherClock(aheadMs);
    try {
      const leadership = await campaign(
        {
          clock,
          logger: tellingLogger(port),
          isAlive: () => clock.monotonic() - times.aliveAt() < hangMs,
          onStandby: () => port.postMessage({ kind: 'standby' }),
          onLeader: (address) => port.postMessage({ kind: 'leader', address }),
          onValid: times.setValidUntil,
        },
        options,
        ending.signal,
      );
      port.postMessage({ kind: 'leads', term: leadership.term });
      void leadership.lost.then(() => port.postMessage({ kind: 'lost' }));
      return leadership;
    } catch (error) {
      port.postMessage({ kind: 'failed', error: toSent(postgresFailure(error)) });
      return undefined;
    }
  }

  async function end(): Promise<void> {
    ending.abort();
    await (await led)?.resign();
    port.close();
  }

  port.on('message', (request) => {
    if (request.kind === 'campaign') led = run(request);
    else void end();
  });
}

/** The monotonic clock of the asking thread, read in this one. */
function createOtherClock(aheadMs: number): Clock {
  return { ...createSystemClock(), monotonic: () => machineMs() - aheadMs };
}

/** The asking thread writes the lines: one logger, one order. */
function tellingLogger(port: CampaignPort): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) =>
    port.postMessage({ kind: 'log', level, fields, message });
  const logger: Logger = {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    child: () => logger,
  };
  return logger;
}
