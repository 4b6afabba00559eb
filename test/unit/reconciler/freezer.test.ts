import { describe, expect, it } from 'vitest';
import { createFreezer } from '../../../src/reconciler/freezer.ts';
import { uidOf } from '../../support/agents.ts';

const minute = 60_000;
const uid = uidOf(1);

describe('an agent whose labels chase its config', () => {
  it('is left alone for longer each time, up to a day (fault 20)', () => {
    const freezer = createFreezer();
    let now = 0;
    const waits: number[] = [];
    for (let relapse = 0; relapse < 10; relapse += 1) {
      const until = freezer.freeze(uid, now);
      waits.push((until - now) / minute);
      expect(freezer.frozenUntil(uid, until - 1)).toBe(until);
      expect(freezer.frozenUntil(uid, until)).toBeUndefined();
      now = until;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
  });

  it('is decided for again once when its time is over, and starts anew after a quiet day', () => {
    const freezer = createFreezer();
    const until = freezer.freeze(uid, 0);
    expect(freezer.thaw(until - 1)).toEqual([]);
    expect(freezer.thaw(until)).toEqual([uid]);
    expect(freezer.thaw(until + 1)).toEqual([]);
    expect(freezer.thaw(until + 24 * 60 * minute)).toEqual([]);
    expect(freezer.size).toBe(0);
    expect(freezer.freeze(uid, 0)).toBe(10 * minute);
  });
});
