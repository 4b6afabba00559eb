import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../../../src/credentials/index.ts';
import { isLoopbackAddress, remoteNetwork } from '../../../src/credentials/remote-network.ts';
import { createManualClock } from '../../../src/runtime/index.ts';

function limiterOf(options: Partial<{ perMinute: number; maxKeys: number }> = {}) {
  const clock = createManualClock();
  const limiter = createRateLimiter({ clock }, { perMinute: 6, maxKeys: 100, ...options });
  return { clock, limiter };
}

describe('a limit of six failures a minute', () => {
  test('lets six pass, then one every ten seconds', () => {
    const { clock, limiter } = limiterOf();
    for (let failure = 0; failure < 6; failure++) {
      expect(limiter.blockedFor('192.0.2.1')).toBe(0);
      limiter.recordFailure('192.0.2.1');
    }
    expect(limiter.blockedFor('192.0.2.1')).toBe(10);
    clock.advance(4_000);
    expect(limiter.blockedFor('192.0.2.1')).toBe(6);
    clock.advance(6_000);
    expect(limiter.blockedFor('192.0.2.1')).toBe(0);
    limiter.recordFailure('192.0.2.1');
    expect(limiter.blockedFor('192.0.2.1')).toBe(10);
  });

  test('is forgiven after a quiet minute, and no more than that', () => {
    const { clock, limiter } = limiterOf();
    for (let failure = 0; failure < 50; failure++) limiter.recordFailure('192.0.2.1');
    clock.advance(60_000);
    for (let failure = 0; failure < 6; failure++) {
      expect(limiter.blockedFor('192.0.2.1')).toBe(0);
      limiter.recordFailure('192.0.2.1');
    }
    expect(limiter.blockedFor('192.0.2.1')).toBe(10);
  });

  test('does not depend on the wall clock', () => {
    const { clock, limiter } = limiterOf();
    for (let failure = 0; failure < 6; failure++) limiter.recordFailure('192.0.2.1');
    clock.jump(3_600_000);
    expect(limiter.blockedFor('192.0.2.1')).toBe(10);
  });

  test('holds for one address and not for others', () => {
    const { limiter } = limiterOf({ perMinute: 1 });
    limiter.recordFailure('192.0.2.1');
    expect(limiter.blockedFor('192.0.2.1')).toBe(60);
    expect(limiter.blockedFor('192.0.2.2')).toBe(0);
  });

  test('remembers a bounded number of addresses, those that failed last', () => {
    const { limiter } = limiterOf({ perMinute: 1, maxKeys: 3 });
    for (const address of ['a', 'b', 'c', 'a', 'd']) limiter.recordFailure(address);
    expect(['a', 'b', 'c', 'd'].map((address) => limiter.blockedFor(address) > 0)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:ffff::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0001:1:2:3:4', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['', ''],
])('failures of %s count against %s', (address, network) => {
  expect(remoteNetwork(address)).toBe(network);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['192.0.2.1', false],
  ['::ffff:192.0.2.1', false],
  ['127.evil.example', false],
  ['', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected);
});
