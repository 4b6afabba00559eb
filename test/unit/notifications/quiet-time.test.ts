import { describe, expect, it } from 'vitest';
import { composeNotice, type Notice } from '../../../src/notifications/notice.ts';
import { createQuietTime } from '../../../src/notifications/quiet-time.ts';
import { createManualClock } from '../../../src/runtime/index.ts';
import { tellingEvents } from '../../support/notices.ts';

const minute = 60_000;
const noticeOf = (name: keyof typeof tellingEvents): Notice => composeNotice(tellingEvents[name], {})!;

function start(maxSubjects = 10) {
  const clock = createManualClock();
  const told: string[] = [];
  const dropped: string[] = [];
  const quiet = createQuietTime(
    { quietMs: 10 * minute, maxSubjects },
    {
      clock,
      tell: ({ kind, repeats }) => void told.push(`${kind} +${repeats}`),
      onDropped: ({ kind }) => void dropped.push(kind),
    },
  );
  return { clock, told, dropped, quiet };
}

describe('the quiet time', () => {
  it('tells the first at once, and what follows together at the end of the quiet time', () => {
    const { clock, told, quiet } = start();
    for (let count = 0; count < 18; count += 1) quiet.raise(noticeOf('wrongConfig'), false);
    expect(told).toEqual(['agent.wrong_config +0']);
    clock.advance(10 * minute);
    expect(told).toEqual(['agent.wrong_config +0', 'agent.wrong_config +16']);
    clock.advance(10 * minute);
    quiet.raise(noticeOf('wrongConfig'), false);
    expect(told).toHaveLength(3);
  });

  it('keeps subjects apart', () => {
    const { told, quiet } = start();
    quiet.raise(noticeOf('failed'), false);
    quiet.raise({ ...noticeOf('failed'), subject: 'rollout/acme/other' }, false);
    expect(told).toHaveLength(2);
  });

  it('tells of a recovery at once, and once', () => {
    const { clock, told, quiet } = start();
    quiet.raise(noticeOf('stalled'), true);
    clock.advance(60 * minute);
    quiet.recover(noticeOf('recovered'));
    quiet.recover(noticeOf('recovered'));
    expect(told).toEqual(['source.stalled +0', 'source.recovered +0']);
  });

  it('tells of no recovery from what nobody was told of', () => {
    const { told, quiet } = start();
    quiet.recover(noticeOf('recovered'));
    expect(told).toEqual([]);
  });

  it('does not follow what goes to and fro within the quiet time', () => {
    const { clock, told, quiet } = start();
    for (let count = 0; count < 5; count += 1) {
      quiet.raise(noticeOf('stalled'), true);
      clock.advance(minute);
      quiet.recover(noticeOf('recovered'));
    }
    clock.advance(60 * minute);
    expect(told).toEqual(['source.stalled +0', 'source.recovered +0']);
  });

  it('tells at the end what is wrong again by then', () => {
    const { clock, told, quiet } = start();
    quiet.raise(noticeOf('stalled'), true);
    quiet.recover(noticeOf('recovered'));
    quiet.raise(noticeOf('stalled'), true);
    clock.advance(10 * minute);
    quiet.recover(noticeOf('recovered'));
    expect(told).toEqual([
      'source.stalled +0',
      'source.recovered +0',
      'source.stalled +0',
      'source.recovered +0',
    ]);
  });

  it('keeps a bounded number of subjects, and makes room when their quiet time has ended', () => {
    const { clock, told, dropped, quiet } = start(2);
    for (const subject of ['a', 'b', 'c']) quiet.raise({ ...noticeOf('failed'), subject }, false);
    expect([told.length, dropped.length]).toEqual([2, 1]);
    clock.advance(10 * minute);
    quiet.raise({ ...noticeOf('failed'), subject: 'c' }, false);
    expect([told.length, dropped.length]).toEqual([3, 1]);
  });
});
