// The web page on a large fleet, in a real browser: what it reads, when it is of use, and what it costs to leave it open.
import { existsSync } from 'node:fs';
import { now } from '../harness/statistics.mjs';
import { until } from '../harness/until.mjs';
import { largeRepo, largeRepoRound } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const slowdown = 4;
const diffLines = 5_000;
const lanes = 40;

/** Runs in every document: when there was a heading of the view, and the longest gap between two turns of the main thread. */
const watch = () => {
  const seen = new MutationObserver(() => {
    if (!document.querySelector('main h1')) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => (window.usableAt = performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });
  window.watchGaps = () => {
    const channel = new MessageChannel();
    let last = performance.now();
    window.longestGap = 0;
    channel.port1.onmessage = () => {
      const at = performance.now();
      window.longestGap = Math.max(window.longestGap, at - last);
      last = at;
      channel.port2.postMessage(0);
    };
    channel.port2.postMessage(0);
  };
  /** Milliseconds from the end of the last answer of `address` to the frame that shows `count` of `selector`. */
  window.drawnAfter = (address, selector, count) =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${address}: fewer than ${count} of ${selector}`)), 30_000);
      const look = () => {
        if (document.querySelectorAll(selector).length < count) return requestAnimationFrame(look);
        setTimeout(() => {
          const answers = performance
            .getEntriesByType('resource')
            .filter(({ name }) => name.includes(address));
          resolve(performance.now() - answers.at(-1).responseEnd);
        });
      };
      look();
    });
};

/** A tab of its own; `work` gets it with its session of the browser's own protocol. */
async function withTab(browser, work) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    return await work(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

/** Overview on a slowed CPU: bytes of the API's answers as they are read, and milliseconds until its heading is drawn. */
const openOverview = (browser, origin) =>
  withTab(browser, async (page, session) => {
    let bytes = 0;
    const bodies = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith('/api/') || pathname.endsWith('/events') || !response.ok()) return;
      bodies.push(
        response.body().then((body) => {
          bytes += body.length;
        }),
      );
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.goto(origin);
    await page.waitForFunction(() => window.usableAt !== undefined);
    await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
    await Promise.all(bodies);
    return { bytes, usableMs: await page.evaluate(() => window.usableAt) };
  });

/** The list of agents, scrolled as fast as it is drawn: rows, and the longest piece of work in milliseconds. */
const scrollAgents = (browser, origin, rows) =>
  withTab(browser, async (page) => {
    await page.goto(`${origin}/agents`);
    await page.locator('table.agents tbody tr a').first().waitFor();
    await page.evaluate(() => window.watchGaps());
    const last = page.locator(`table.agents tbody tr[aria-rowindex="${rows + 1}"]`);
    await until(
      'the end of the list',
      async () => {
        await page.evaluate(() => scrollBy(0, 2 * innerHeight));
        return (await last.count()) > 0;
      },
      120_000,
    );
    return { rows, longestMs: await page.evaluate(() => window.longestGap) };
  });

const heapAfterCollection = async (session) => {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
};

const busySeconds = async (session) => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
};

/** Overview left open while everybody gets one config after the other. */
const leaveOpen = (browser, origin, rollOut, forMs) =>
  withTab(browser, async (page, session) => {
    await session.send('Performance.enable');
    await session.send('Network.enable');
    let received = 0;
    let stream;
    session.on('Network.responseReceived', ({ type, requestId }) => {
      if (type === 'EventSource') stream = requestId;
    });
    // What has ended is told with its headers, as it came over the wire; the stream does not end.
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      received += encodedDataLength;
    });
    session.on('Network.dataReceived', ({ requestId, dataLength }) => {
      if (requestId === stream) received += dataLength;
    });
    await page.goto(origin);
    await page.getByText('Live', { exact: true }).waitFor();
    for (let warm = 0; warm < 3; warm += 1) await rollOut();
    const heapBefore = await heapAfterCollection(session);
    const [begun, busyBefore, receivedBefore] = [now(), await busySeconds(session), received];
    let rollouts = 0;
    for (; now() - begun < forMs; rollouts += 1) await rollOut();
    const seconds = (now() - begun) / 1_000;
    return {
      ...{ seconds, rollouts },
      busyShare: ((await busySeconds(session)) - busyBefore) / seconds,
      bytesPerSecond: (received - receivedBefore) / seconds,
      heapGrowth: (await heapAfterCollection(session)) / heapBefore - 1,
    };
  });

/** Lets the page read what `change` makes of the server's answers to these addresses. */
const readInstead = (page, addresses, change) =>
  page.route(addresses, async (route) => {
    const response = await route.fetch();
    // What did not change has no body.
    if (!response.ok()) return route.fulfill({ response });
    return route.fulfill({ response, json: change(await response.json()) });
  });

/** The diff of one agent with this many lines, one in ten of which differs. */
const drawDiff = (browser, origin) =>
  withTab(browser, async (page) => {
    const rows = Array.from({ length: diffLines }, (_, line) => ({
      kind: line % 10 === 0 ? 'differs' : 'same',
      left: `        setting_${line}: ${line}`,
      right: `        setting_${line}: ${line % 10 === 0 ? line + 1 : line}`,
      source: null,
    }));
    await readInstead(page, '**/api/v1/agents/*/diff', (diff) => ({ ...diff, rows }));
    const { items } = await (await fetch(`${origin}/api/v1/agents?limit=1`)).json();
    await page.goto(`${origin}/agents/${items[0].uid}`);
    const firstMs = await page.evaluate(() => window.drawnAfter('/diff', 'main .ln', 1));
    await page.evaluate(() => window.watchGaps());
    // Both sides; a few lines at the end are folded.
    const all = 1.99 * diffLines;
    const wholeMs = await page.evaluate((count) => window.drawnAfter('/diff', 'main .ln', count), all);
    return { firstMs, wholeMs, longestMs: await page.evaluate(() => window.longestGap) };
  });

/** The drawing of a config with this many pipelines. */
const drawLanes = (browser, origin) =>
  withTab(browser, async (page) => {
    await readInstead(page, '**/api/v1/configs/default/edge/desired*', (view) => {
      const [pipeline] = view.graph.pipelines;
      const pipelines = Array.from({ length: lanes }, (_, n) => ({ ...pipeline, id: `${pipeline.id}/${n}` }));
      return { ...view, graph: { ...view.graph, pipelines } };
    });
    await page.goto(`${origin}/t/default/c/edge`);
    return page.evaluate((count) => window.drawnAfter('/edge/desired', '.drawing .lane', count), lanes);
  });

/** All of it on one fleet; undefined where there is no browser. */
export async function measurePage({
  pageAgents: agents,
  pageTenants,
  pageFiles,
  pageServers,
  pageLiveMs,
  clients,
}) {
  if (!existsSync(chromiumPath)) return undefined;
  const { chromium } = await import('playwright-core');
  const files = largeRepo(pageFiles, pageTenants);
  const fleet = { files, agents, clients, servers: pageServers };
  return withFleet(fleet, async ({ muster: { origin }, clients: load, rollOut }) => {
    await load.connect();
    let round = 0;
    const next = () => rollOut(largeRepoRound(++round), `round ${round}`);
    await next();
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-sync',
      ],
    });
    try {
      return {
        ...{ agents, tenants: pageTenants },
        overview: await openOverview(browser, origin),
        list: await scrollAgents(browser, origin, Math.min(agents, 5_000)),
        diff: await drawDiff(browser, origin),
        drawingMs: await drawLanes(browser, origin),
        live: await leaveOpen(browser, origin, next, pageLiveMs),
      };
    } finally {
      await browser.close();
    }
  });
}
