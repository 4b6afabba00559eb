import { request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AgentReport, instanceUid } from '../../../src/model/index.ts';
import {
  type Admission,
  createOpampServer,
  createRelay,
  encodeAgentToServer,
  type OpampServer,
  type Reply,
} from '../../../src/opamp-server/index.ts';
import {
  createFrameReader,
  createFrameWriter,
  frameType,
  linkProtocol,
  toJson,
} from '../../../src/opamp-server/relay/frames.ts';
import {
  type Clock,
  createManualClock,
  createSilentLogger,
  createStreamPair,
  createSystemClock,
} from '../../../src/runtime/index.ts';
import {
  connectAgent,
  managed,
  poll,
  renderedConfig,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { eventually } from '../../support/eventually.ts';

const acknowledged: Reply = { reportFullState: false };

function toAdmission(admitted: boolean): Admission {
  return admitted
    ? { kind: 'accepted', tenant: 'acme', credential: 'edge', scope: 'full' }
    : { kind: 'rejected', status: 401, reason: 'unknown credential' };
}

const mebibyte = 1024 * 1024;

/** A server without sockets, that keeps what it was told. */
function createServer(
  reply: (report: AgentReport) => Reply = () => acknowledged,
  admits: () => boolean | Promise<boolean> = () => true,
  maxMessageBytes = mebibyte,
) {
  const reports: AgentReport[] = [];
  const gone: string[] = [];
  const server: OpampServer = createOpampServer(
    { host: '127.0.0.1', port: 0, maxMessageBytes },
    {
      handler: {
        authenticate() {
          const admitted = admits();
          return admitted instanceof Promise ? admitted.then(toAdmission) : toAdmission(admitted);
        },
        receive(report) {
          reports.push(report);
          return reply(report);
        },
        disconnected: (uids) => void gone.push(...uids),
      },
      clock: createSystemClock(),
      logger: createSilentLogger(),
      random: () => 0.5,
    },
  );
  onTestFinished(() => server.close());
  return { server, reports, gone };
}

async function startRelay(
  clock: Clock = createSystemClock(),
  openHttp?: () => Promise<Duplex>,
  maxMessageBytes = mebibyte,
) {
  const relay = createRelay(
    { host: '127.0.0.1', port: 0, maxMessageBytes },
    { clock, logger: createSilentLogger(), random: () => 0.5, ...(openHttp && { openHttp }) },
  );
  const { url } = await relay.listen();
  onTestFinished(() => relay.close());
  const attach = async ({ server }: { readonly server: OpampServer }): Promise<Duplex> => {
    const [here, there] = createStreamPair();
    server.serveRelay(there);
    void relay.attach(here);
    await eventually(() => relay.isAttached() || undefined);
    return there;
  };
  return { relay, url, attach };
}

const hello = { uid: uidA, sequence: 0, capabilities: managed };

describe('a relay', () => {
  it('lets callers wait for a server for twenty seconds, then tells them to come back', async () => {
    const clock = createManualClock();
    const { url } = await startRelay(clock);
    const refusals = [connectAgent({ url }).catch((error) => error), poll({ url }, hello)] as const;
    const waited = eventually(async () => {
      clock.advance(1_000);
      return Promise.race([refusals[1], undefined]);
    });
    expect(await refusals[0]).toMatchObject({ status: 503 });
    const answer = await refusals[1];
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(10);
    await waited;
  });

  it('serves who came before its server did', async () => {
    const { url, attach } = await startRelay();
    const early = poll({ url }, hello);
    const server = createServer();
    await attach(server);
    expect((await early).status).toBe(200);
    expect(server.reports).toHaveLength(1);
  });

  it('keeps connections when its server goes: the next one asks who they are and is answered', async () => {
    const { relay, url, attach } = await startRelay();
    const first = createServer();
    const link = await attach(first);
    const agent = await connectAgent({ url });
    agent.send(hello);
    await agent.message(1);
    agent.send({ uid: uidA, sequence: 1, capabilities: managed });
    await agent.message(2);
    link.destroy();
    await eventually(() => !relay.isAttached() || undefined);
    expect(await eventually(() => first.gone.length || undefined)).toBe(1);
    // Said while nobody listens: it waits in the socket.
    agent.send({ uid: uidA, sequence: 2, capabilities: managed });
    // It would not ask: to its handler the number may look as if nothing were lost.
    const second = createServer();
    await attach(second);
    expect((await agent.message(3)).reportFullState).toBe(true);
    await agent.message(4);
    expect(second.reports.map(({ uid, sequence }) => [uid, sequence])).toEqual([
      [uidA, 1],
      [uidA, 2],
    ]);
    expect(agent.closed).toBeUndefined();
    expect(first.reports).toHaveLength(2);
  });

  it('speaks again for every agent of a connection, but for those that said goodbye', async () => {
    const { url, attach } = await startRelay();
    const first = createServer();
    const link = await attach(first);
    const gateway = await connectAgent({ url });
    const third = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b22' as typeof uidA;
    for (const uid of [uidA, uidB, third]) gateway.send({ uid, sequence: 0, capabilities: managed });
    gateway.send({ uid: uidB, sequence: 1, disconnect: true });
    await gateway.message(4);
    link.destroy();
    const second = createServer();
    await attach(second);
    await gateway.message(6);
    expect(second.reports.map(({ uid }) => uid)).toEqual([uidA, third]);
  });

  it('pushes what the next server offers over the connection that it kept', async () => {
    const { url, attach } = await startRelay();
    const link = await attach(createServer());
    const agent = await connectAgent({ url });
    agent.send(hello);
    await agent.message(1);
    link.destroy();
    const second = createServer();
    await attach(second);
    await agent.message(2);
    const config = renderedConfig('receivers: {}\n'.repeat(100));
    expect(second.server.offer(uidA, config)).toBe('sent');
    expect((await agent.message(3)).remoteConfig?.hash).toBe(config.hash);
  });

  it('closes a connection whose credential the next server does not take', async () => {
    const { url, attach } = await startRelay();
    const link = await attach(createServer());
    const agent = await connectAgent({ url });
    agent.send(hello);
    await agent.message(1);
    link.destroy();
    const second = createServer(undefined, () => false);
    await attach(second);
    expect(await agent.closing()).toEqual({ code: 1008, reason: 'unknown credential' });
    expect(second.reports).toEqual([]);
  });

  it('sends agents elsewhere when no server is linked for half a minute', async () => {
    const clock = createManualClock();
    const { relay, url, attach } = await startRelay(clock);
    const link = await attach(createServer());
    const agent = await connectAgent({ url });
    agent.send(hello);
    await agent.message(1);
    link.destroy();
    await eventually(() => !relay.isAttached() || undefined);
    clock.advance(29_000);
    expect(relay.connectionCount()).toBe(1);
    clock.advance(10_000);
    expect((await agent.closing()).code).toBe(1001);
  });

  it('lets its server judge two agents with one uid on two relays: the newcomer gets another', async () => {
    const server = createServer();
    const [one, two] = [await startRelay(), await startRelay()];
    await one.attach(server);
    await two.attach(server);
    const holder = await connectAgent(one);
    holder.send(hello);
    await holder.message(1);
    const newcomer = await connectAgent(two);
    newcomer.send(hello);
    const answer = await newcomer.message(1);
    expect(answer.newUid).toBeDefined();
    expect(answer.newUid).not.toBe(uidA);
    expect(holder.closed).toBeUndefined();
  });

  it('answers an agent that polls now here and now there as one', async () => {
    const server = createServer();
    const [one, two] = [await startRelay(), await startRelay()];
    await one.attach(server);
    await two.attach(server);
    for (let sequence = 0; sequence < 6; sequence += 1)
      expect((await poll(sequence % 2 ? one : two, { ...hello, sequence })).status).toBe(200);
    expect(server.reports.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(server.gone).toEqual([]);
  });

  it('loses no other connection by one frame that its server cannot read', async () => {
    const server = createServer();
    const [here, there] = createStreamPair();
    server.server.serveRelay(there);
    const answered: [type: number, id: number][] = [];
    const read = createFrameReader((type, id) => void answered.push([type, id]), 1 << 20);
    here.on('data', (chunk: Buffer) => read(chunk));
    onTestFinished(() => void here.destroy());
    const writer = createFrameWriter(here, setImmediate);
    writer.write(frameType.hello, 0, toJson({ protocol: linkProtocol }));
    writer.write(frameType.ask, 7, Buffer.from('{not json'));
    writer.write(frameType.message, 9, Buffer.from('of nobody'));
    writer.write(frameType.opened, 9);
    writer.write(200, 9);
    const caller = { path: '/v1/opamp', admission: { remoteAddress: '10.0.0.9', path: '/v1/opamp' } };
    writer.write(frameType.ask, 8, toJson({ transport: 'ws', caller }));
    writer.write(frameType.ask, 8, toJson({ transport: 'ws', caller }));
    writer.write(frameType.hello, 0, toJson({ protocol: linkProtocol }));
    await eventually(() => answered.some(([type, id]) => type === frameType.verdict && id === 8));
    await eventually(() => answered.some(([type, id]) => type === frameType.terminate && id === 8));
    expect(answered).toContainEqual([frameType.terminate, 7]);
    expect(answered.filter(([type]) => type === frameType.welcome)).toHaveLength(1);
    expect(here.destroyed).toBe(false);
  });

  it('is turned away where it speaks another protocol', async () => {
    const [here, there] = createStreamPair();
    createServer().server.serveRelay(there);
    const types: number[] = [];
    const read = createFrameReader((type) => void types.push(type), 1 << 20);
    here.on('data', (chunk: Buffer) => read(chunk));
    onTestFinished(() => void here.destroy());
    createFrameWriter(here, setImmediate).write(frameType.hello, 0, toJson({ protocol: linkProtocol + 1 }));
    await eventually(() => types.includes(frameType.refused));
    expect(types).not.toContain(frameType.welcome);
  });

  it('is taken up with a gateway of as many agents as there may be, however small messages must be', async () => {
    const small = 1024;
    const { url, attach } = await startRelay(undefined, undefined, small);
    const first = createServer(undefined, undefined, small);
    const link = await attach(first);
    const gateway = await connectAgent({ url });
    for (let number = 0; number < 10_000; number += 1) {
      const uid = instanceUid(`01936f2e-8c1a-7b42-9d55-${number.toString(16).padStart(12, '0')}`);
      gateway.send({ uid, sequence: 1_000_000, capabilities: managed });
    }
    await eventually(() => first.reports.length === 10_000 || undefined);
    link.destroy();
    const second = createServer(undefined, undefined, small);
    await attach(second);
    await eventually(() => second.reports.length === 10_000 || undefined);
  });

  it('sends away who waits for a server once it drains', async () => {
    const { relay, url, attach } = await startRelay(createManualClock());
    const link = await attach(createServer());
    await poll({ url }, hello);
    link.destroy();
    await eventually(() => !relay.isAttached() || undefined);
    const waiting = connectAgent({ url }).catch((error) => error);
    // Comes after that one, and is turned away by the parser.
    const junk = connectTcp(Number(new URL(url).port), '127.0.0.1').resume();
    junk.end('junk\r\n\r\n');
    await new Promise((resolve) => junk.once('close', resolve));
    await relay.drain(new AbortController().signal);
    expect(await waiting).toMatchObject({ status: 503 });
  });

  it('answers a poll whose link goes while its body is read', async () => {
    const { relay, url, attach } = await startRelay();
    let asked = 0;
    const link = await attach(createServer(undefined, () => (asked += 1) > 0));
    const body = encodeAgentToServer(hello);
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const request = httpRequest(url, { method: 'POST', headers });
    const status = new Promise((resolve) => request.once('response', (answer) => resolve(answer.statusCode)));
    request.flushHeaders();
    await eventually(() => asked);
    // The verdict has come by the time that another caller's has.
    await poll({ url }, { ...hello, uid: uidB });
    link.destroy();
    await eventually(() => !relay.isAttached() || undefined);
    request.end(body);
    expect(await status).toBe(503);
  });

  it('opens no stream for who has left before there is one', async () => {
    let open = (_: Duplex) => {};
    let left = false;
    const { url, attach } = await startRelay(undefined, () => {
      request.destroy();
      left = true;
      return new Promise((resolve) => {
        open = resolve;
      });
    });
    const server = createServer();
    await attach(server);
    const request = httpRequest(new URL('/packages/one', url)).on('error', () => {});
    request.end();
    await eventually(() => left || undefined);
    // Noticed by the time that another caller is answered.
    await poll({ url }, hello);
    const [here, there] = createStreamPair();
    server.server.serveHttp(there);
    open(here);
    await eventually(() => here.destroyed || undefined);
  });

  it('lets its server forget who goes while the credential is judged again', async () => {
    const { relay, url, attach } = await startRelay();
    const link = await attach(createServer());
    const agent = await connectAgent({ url });
    agent.send(hello);
    await agent.message(1);
    link.destroy();
    await eventually(() => !relay.isAttached() || undefined);
    let admit: ((admitted: boolean) => void) | undefined;
    const judging = () =>
      new Promise<boolean>((resolve) => {
        admit = resolve;
      });
    const second = createServer(undefined, judging);
    await attach(second);
    await eventually(() => admit);
    await relay.drain(AbortSignal.abort());
    await eventually(() => relay.connectionCount() === 0 || undefined);
    // What was said of it has crossed the link by then.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    admit?.(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(second.reports).toEqual([]);
    expect(second.server.connectionCount()).toBe(0);
  });
});
