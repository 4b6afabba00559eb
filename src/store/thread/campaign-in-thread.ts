import type { Cancel } from '../../runtime/index.ts';
import type { CampaignDeps, CampaignOptions } from '../postgres/campaign.ts';
import type { Leadership } from '../postgres/leadership.ts';
import { storeClosed } from '../store-closed.ts';
import {
  type CampaignNews,
  type CampaignRequest,
  machineMs,
  sharedBytes,
  sharedTimes,
} from './campaign-protocol.ts';
import { fromSent } from './protocol.ts';
import { threadGone } from './thread-link.ts';

/** This side's view of the lease's thread; Node's `Worker` is one. */
export interface CampaignThread {
  postMessage(request: CampaignRequest): void;
  on(event: 'message', listener: (news: CampaignNews) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

/**
 * As `campaign`, in a thread of its own: a process that is busy for seconds is neither late to renew its lease nor to
 * see that another's has run out. One that stands still for two leases is left to lose it.
 */
export function campaignInThread(
  { clock, logger, onStandby, onLeader }: CampaignDeps,
  options: CampaignOptions,
  spawn: () => CampaignThread,
  signal?: AbortSignal,
): Promise<Leadership> {
  const shared = new SharedArrayBuffer(sharedBytes);
  const times = sharedTimes(shared);
  const thread = spawn();
  let beating: Cancel | undefined;
  let isOver = false;
  const beat = () => {
    times.setAliveAt(clock.monotonic());
    if (!isOver) beating = clock.after(options.leaseMs / 5, beat);
  };
  beat();
  const end = () => thread.postMessage({ kind: 'end' });
  signal?.addEventListener('abort', end, { once: true });

  return new Promise((resolve, reject) => {
    let resolveLost = () => {};
    const lost = new Promise<void>((done) => {
      resolveLost = done;
    });
    const gone = new Promise<void>((done) => {
      thread.on('error', (error) => over(error.message));
      thread.on('exit', (code) => {
        over(`exit code ${code}`);
        done();
      });
    });

    function over(reason: string): void {
      isOver = true;
      beating?.();
      signal?.removeEventListener('abort', end);
      times.setValidUntil(0);
      resolveLost();
      reject(signal?.aborted ? storeClosed() : threadGone(reason));
    }

    function lead(term: number): Leadership {
      return {
        term,
        leads: () => !isOver && clock.monotonic() < times.validUntil(),
        lost,
        async resign() {
          isOver = true;
          end();
          await gone;
        },
      };
    }

    thread.on('message', (news) => {
      switch (news.kind) {
        case 'log':
          return logger[news.level](news.fields, news.message);
        case 'standby':
          return onStandby?.();
        case 'leader':
          return onLeader?.(news.address);
        case 'leads':
          signal?.removeEventListener('abort', end);
          return resolve(lead(news.term));
        case 'lost':
          return resolveLost();
        case 'failed':
          end();
          return reject(fromSent(news.error));
      }
    });
    const aheadMs = machineMs() - clock.monotonic();
    thread.postMessage({ kind: 'campaign', options, shared, aheadMs, hangMs: 2 * options.leaseMs });
    if (signal?.aborted) end();
  });
}
