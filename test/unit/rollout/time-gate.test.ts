import { describe, expect, it } from 'vitest';
import type { RolloutWindow } from '../../../src/model/index.ts';
import { nextChange, openTime, timeHold } from '../../../src/rollout/index.ts';

const at = (text: string) => Date.parse(text);
const office: RolloutWindow = { days: [1, 2, 3, 4], from: 9 * 60, to: 16 * 60, timeZone: 'Europe/Berlin' };
const night: RolloutWindow = { days: [5], from: 22 * 60, to: 6 * 60, timeZone: 'UTC' };
const gateOf = (...windows: RolloutWindow[]) => ({ windows, freezes: [] });
const text = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

describe('windows', () => {
  it.each([
    ['before it opens', '2026-11-23T07:59:59Z', 'outside its windows until 2026-11-23T08:00Z'],
    ['when it opens, in winter', '2026-11-23T08:00:00Z', undefined],
    ['when it opens, in summer', '2026-07-06T07:00:00Z', undefined],
    ['in the last minute', '2026-11-23T14:59:59Z', undefined],
    ['when it closes', '2026-11-23T15:00:00Z', 'outside its windows until 2026-11-24T08:00Z'],
    ['on a day that is not listed', '2026-11-27T10:00:00Z', 'outside its windows until 2026-11-30T08:00Z'],
  ])('holds offers by the wall clock of its time zone: %s', (_name, now, expected) => {
    expect(timeHold(gateOf(office), at(now))).toBe(expected);
  });

  it.each([
    ['2026-11-27T22:00:00Z', undefined],
    ['2026-11-28T05:59:00Z', undefined],
    ['2026-11-28T06:00:00Z', 'outside its windows until 2026-12-04T22:00Z'],
    ['2026-11-28T22:00:00Z', 'outside its windows until 2026-12-04T22:00Z'],
  ])('reaches into the next day where it ends before it begins: %s', (now, expected) => {
    expect(timeHold(gateOf(night), at(now))).toBe(expected);
  });

  it('keeps its wall clock hours across a change of the clocks', () => {
    const daily = { ...office, days: [] };
    expect(text(nextChange(gateOf(daily), at('2026-03-28T16:00:00Z')))).toBe('2026-03-29T07:00:00.000Z');
    expect(text(nextChange(gateOf(daily), at('2026-10-24T15:00:00Z')))).toBe('2026-10-25T08:00:00.000Z');
  });

  it('opens with the jump of the clock where its time of day does not exist', () => {
    const gap = { ...office, days: [], from: 2 * 60 + 30, to: 5 * 60 };
    expect(text(nextChange(gateOf(gap), at('2026-03-29T00:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
  });

  it('lets nothing pass twice: every minute of a year is open exactly when the wall clock says so', () => {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    for (let now = at('2026-01-01T00:00:00Z'); now < at('2027-01-01T00:00:00Z'); now += 97 * 60_000) {
      const parts = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, value]));
      const isOpen =
        ['Mon', 'Tue', 'Wed', 'Thu'].includes(parts.weekday ?? '') &&
        Number(parts.hour) >= 9 &&
        Number(parts.hour) < 16;
      expect(timeHold(gateOf(office), now) === undefined, new Date(now).toISOString()).toBe(isOpen);
    }
  });
});

describe('freezes', () => {
  const freeze = { from: at('2026-12-20T00:00:00Z'), to: at('2027-01-02T00:00:00Z'), reason: 'holidays' };

  it('hold offers whatever the windows say, with the reason', () => {
    expect(timeHold({ windows: [office], freezes: [freeze] }, at('2026-12-21T10:00:00Z'))).toBe(
      'frozen until 2027-01-02T00:00Z: holidays',
    );
  });

  it('end at the next open window', () => {
    const gate = { windows: [office], freezes: [freeze] };
    expect(text(nextChange(gate, at('2026-12-21T10:00:00Z')))).toBe('2027-01-04T08:00:00.000Z');
  });

  it('let no time pass for a deadline', () => {
    const gate = { windows: [office], freezes: [] };
    const day = openTime(gate, at('2026-11-23T00:00:00Z'), at('2026-11-24T00:00:00Z'));
    expect(day).toBe(7 * 3_600_000);
    expect(openTime({ windows: [], freezes: [freeze] }, freeze.from - 1_000, freeze.to + 2_000)).toBe(3_000);
  });
});
