import { describe, expect, it } from 'vitest';
import { createHandler, type HandlerDeps } from '../../../src/app/opamp-handler.ts';
import type { AgentGate } from '../../../src/credentials/index.ts';
import type { InstanceUid, PackageFile } from '../../../src/model/index.ts';
import type { Session } from '../../../src/opamp-server/index.ts';
import type { Reconciler } from '../../../src/reconciler/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { agentOf, reportOf, uidOf } from '../../support/agents.ts';

const sha256 = 'a'.repeat(64);
const file: PackageFile = {
  os: 'linux',
  arch: 'amd64',
  sha256,
  source: { kind: 'file', path: 'agent' },
  at: { file: 'agent.yaml', line: 1, column: 1 },
};
const session: Session = {
  ...{ tenant: 'acme', credential: 'edge', scope: 'full', id: 'c1' },
  ...{ transport: 'ws', remoteAddress: '127.0.0.1', secure: true },
};

/** A handler over one agent that is offered one package, with these names in `revoked`. */
function handlerWith(revoked: readonly string[]) {
  const received: InstanceUid[] = [];
  const labels = new Map([
    ['os.type', 'linux'],
    ['host.arch', 'amd64'],
  ]);
  const agent = agentOf({ labels });
  const gate = {
    isRevoked: (tenant: string, name: string) => tenant === 'acme' && revoked.includes(name),
  } as unknown as AgentGate;
  const reconciler = {
    world: { registry: { get: (uid: InstanceUid) => (uid === agent.uid ? { agent } : undefined) } },
    settings: { filesFor: () => [file] },
    receive: ({ uid }: { readonly uid: InstanceUid }) => {
      received.push(uid);
      return { reportFullState: false };
    },
  } as unknown as Reconciler;
  const secrets: HandlerDeps['secrets'] = { secretTexts: () => [], readBlob: () => undefined };
  const deps = { clock: createManualClock(), logger: createSilentLogger(), secrets };
  return { received, handler: createHandler(gate, reconciler, deps) };
}

describe('a revocation', () => {
  it.each([
    ['of its uid', uidOf(1), {}],
    ['of the fingerprint of its certificate', 'f00d', { fingerprint: 'f00d' }],
    [
      'of the uid that its certificate names, whatever uid it goes by since',
      uidOf(9),
      { boundUid: uidOf(9) },
    ],
  ])('%s keeps an agent from the fleet', (_, name, over) => {
    const { handler, received } = handlerWith([name]);
    expect(handler.receive(reportOf(), { ...session, ...over }).error?.type).toBe('bad-request');
    expect(received).toEqual([]);
  });

  it('in one tenant means nothing in another', () => {
    const { handler, received } = handlerWith([uidOf(1)]);
    handler.receive(reportOf(), { ...session, tenant: 'globex' });
    expect(received).toEqual([uidOf(1)]);
  });

  it('ends the links to packages that the agent still has', () => {
    expect(handlerWith([]).handler.mayDownload?.(uidOf(1), sha256)).toBe(true);
    expect(handlerWith([uidOf(1)]).handler.mayDownload?.(uidOf(1), sha256)).toBe(false);
    expect(handlerWith([]).handler.mayDownload?.(uidOf(2), sha256)).toBe(false);
    expect(handlerWith([]).handler.mayDownload?.(uidOf(1), 'b'.repeat(64))).toBe(false);
  });
});
