import { expect, it } from 'vitest';
import { configHash } from '../../../src/model/index.ts';
import { rememberedAgent, rosterRowOf } from '../../../src/store/remembered-agent.ts';
import { rosterRow } from '../../support/store-rows.ts';

it.each([
  rosterRow(1, { health: 'Unknown' }),
  rosterRow(2, { health: 'Unknown', saidGoodbye: true, failedHashes: [] }),
  rosterRow(3, { health: 'Unknown', statusHash: '', statusState: 'unset' }),
  rosterRow(4, { health: 'Unknown', statusState: 'failed' }),
  rosterRow(5, { health: 'Unknown', failedPackages: rosterRow(5).failedHashes }),
])('remembers what the row of an agent says', (row) => {
  const agent = rememberedAgent(row);
  expect(agent).toMatchObject({ connected: false, described: false });
  expect(rosterRowOf(agent)).toEqual(row);
});

it('keeps the last offer and the health in a word', () => {
  const agent = rememberedAgent(rosterRow(1));
  const hash = configHash('aa'.repeat(32));
  const health = {
    healthy: false,
    startTimeUnixNano: 0n,
    lastError: '',
    status: '',
    statusTimeUnixNano: 0n,
    components: new Map(),
  };
  const row = rosterRowOf({
    ...agent,
    health,
    offered: { hash, at: 1, firstAt: 1, connection: 'c', denied: false },
  });
  expect(row).toMatchObject({ offeredHash: hash, health: 'Degraded' });
  expect(rosterRowOf({ ...agent, health: { ...health, healthy: true } }).health).toBe('Healthy');
});
