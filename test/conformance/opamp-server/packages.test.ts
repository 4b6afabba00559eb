import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../../src/model/index.ts';
import { connectAgent, poll, startServer, uidA } from './harness.ts';
import { everything, hashOf, offersAll, packagesOffer } from './offers.ts';

// opamp.md numbers no package rules: they are numbered here in the order in which section 3.13 states them.
describe('packages', () => {
  it('C-PKG-1 [M] never offers packages to an agent that does not accept them', async () => {
    const harness = await startServer(offersAll);
    harness.reply = () => ({ reportFullState: false, packages: packagesOffer() });
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything & ~agentCapability.acceptsPackages });
    expect((await agent.message(1)).packages).toBeUndefined();
    expect(harness.server.offerPackages(uidA, packagesOffer())).toBe('refused');
    agent.send({ uid: uidA, sequence: 1, capabilities: everything });
    expect((await agent.message(2)).packages).toEqual(packagesOffer());
  });

  it('C-PKG-1 [M] neither advertises nor offers packages unless it is set to', async () => {
    const harness = await startServer();
    harness.reply = () => ({ reportFullState: false, packages: packagesOffer() });
    const { message } = await poll(harness, { uid: uidA, capabilities: everything });
    expect([message?.packages, (message?.capabilities ?? 0) & 0x18]).toEqual([undefined, 0]);
  });

  it('C-PKG-2 [M] sets the aggregate hash, and refuses an offer that has none', async () => {
    const harness = await startServer(offersAll);
    await poll(harness, { uid: uidA, capabilities: everything });
    expect(harness.server.offerPackages(uidA, { ...packagesOffer(), hash: '' })).toBe('refused');
    expect(harness.server.offerPackages(uidA, packagesOffer())).toBe('queued');
    const { message } = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(message?.packages?.hash).toBe(packagesOffer().hash);
  });

  it('C-PKG-3 [M] carries hashes, signature, headers and URL of every package as they are', async () => {
    const harness = await startServer(offersAll);
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: everything });
    await agent.message(1);
    expect(harness.server.offerPackages(uidA, packagesOffer('2.0.0'))).toBe('sent');
    expect((await agent.message(2)).packages).toEqual(packagesOffer('2.0.0'));
  });

  it('C-PKG-4 [S] hands over the package statuses, download progress included', async () => {
    const harness = await startServer(offersAll);
    const status = {
      name: 'agent',
      hasVersion: '1.0.0',
      hasHash: hashOf('1'),
      offeredVersion: '2.0.0',
      offeredHash: hashOf('2'),
      state: 'downloading' as const,
      errorMessage: '',
      downloadPercent: 12.5,
    };
    const packageStatuses = {
      packages: new Map([['agent', status]]),
      offeredHash: hashOf('all'),
      errorMessage: 'slow',
    };
    await poll(harness, { uid: uidA, capabilities: everything, packageStatuses });
    expect(harness.reports[0]?.report.packageStatuses).toEqual(packageStatuses);
  });

  it('C-PKG-5 [I] an offer is the complete set: only the newest is sent', async () => {
    const harness = await startServer(offersAll);
    await poll(harness, { uid: uidA, capabilities: everything });
    for (const version of ['1', '2', '3']) harness.server.offerPackages(uidA, packagesOffer(version));
    const next = await poll(harness, { uid: uidA, sequence: 1, capabilities: everything });
    expect(next.message?.packages).toEqual(packagesOffer('3'));
    const after = await poll(harness, { uid: uidA, sequence: 2, capabilities: everything });
    expect(after.message?.packages).toBeUndefined();
  });
});
