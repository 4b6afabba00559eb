// A proxy before PostgreSQL that counts statements and bytes by what they are for.
import { connect, createServer } from 'node:net';

const startupHeadBytes = 4;
const messageHeadBytes = 5;

/** What a statement is for; `frame` is what every transaction of a batch has. */
function kindOf(sql) {
  if (/\broster(_state)?\b/.test(sql)) return 'roster';
  if (/^\s*(begin|start|commit|rollback|set)\b|set_config|for key share/i.test(sql)) return 'frame';
  return /\bleader\b/.test(sql) ? 'lease' : 'other';
}

/** What a transaction's frame is for: rows of the roster, if it writes any. */
function frameOf(statements) {
  return ['roster', 'lease', 'other'].find((kind) => statements.some((one) => one.kind === kind)) ?? 'other';
}

const nothingYet = () => ({
  lease: { queries: 0, bytes: 0 },
  roster: { queries: 0, bytes: 0 },
  other: { queries: 0, bytes: 0 },
});

/** Puts the client's messages together and calls back with the type, the whole length and the body of each. */
function createReader(onMessage) {
  let waiting = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (;;) {
      const head = started ? messageHeadBytes : startupHeadBytes;
      if (waiting.length < head) return;
      const length = waiting.readUInt32BE(head - 4) + head - 4;
      if (waiting.length < length) return;
      onMessage(started ? String.fromCharCode(waiting[0]) : '', length, waiting.subarray(head, length));
      started = true;
      waiting = waiting.subarray(length);
    }
  };
}

/** One connection's statements, added to `totals` a transaction at a time. */
function createCounter(totals) {
  let open = [];
  function settle() {
    const frame = frameOf(open);
    for (const { kind, bytes } of open) {
      const total = totals[kind === 'frame' ? frame : kind];
      total.queries += 1;
      total.bytes += bytes;
    }
    open = [];
  }
  return {
    settle,
    begin(sql) {
      const isInside = open.length > 0 && /^\s*(begin|start)/i.test(open[0].sql);
      const isEnded = open.length > 0 && /^\s*(commit|rollback)/i.test(open.at(-1).sql);
      if (!isInside || isEnded) settle();
      open.push({ sql: sql.slice(0, 200), kind: kindOf(sql), bytes: 0 });
    },
    /** To or from the server, for the statement that began last. */
    carry(bytes) {
      if (open.length > 0) open.at(-1).bytes += bytes;
    },
  };
}

/** The SQL of a message that begins a statement; undefined for every other. */
function sqlOf(type, body) {
  if (type === 'Q') return body.toString('utf8', 0, body.length - 1);
  if (type !== 'P') return undefined;
  const from = body.indexOf(0) + 1;
  return body.toString('utf8', from, body.indexOf(0, from));
}

/** Listens on a free port before the server at `target`; connections are not encrypted. */
export async function startPostgresProxy(target) {
  const totals = nothingYet();
  const counters = new Set();
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const counter = createCounter(totals);
    counters.add(counter);
    const read = createReader((type, length, body) => {
      const sql = sqlOf(type, body);
      if (sql !== undefined) counter.begin(sql);
      counter.carry(length);
    });
    client.on('data', (chunk) => {
      read(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      counter.carry(chunk.length);
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    /** Statements and bytes both ways so far: of the lease, of batches of roster rows, and of everything else. */
    counts() {
      for (const counter of counters) counter.settle();
      return structuredClone(totals);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What came since `before`, of each kind. */
export function countsSince(before, after) {
  const differ = (kind) => ({
    queries: after[kind].queries - before[kind].queries,
    bytes: after[kind].bytes - before[kind].bytes,
  });
  return { lease: differ('lease'), roster: differ('roster'), other: differ('other') };
}
