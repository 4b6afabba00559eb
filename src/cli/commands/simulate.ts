import { type Command, Option } from 'commander';
import { createSilentLogger, createSystemClock } from '../../runtime/index.ts';
import { type Behaviour, behaviours, createSimulatedFleet } from '../../simulator/index.ts';
import type { Console } from '../console.ts';
import { parseCount, parsePair, parseSeconds } from '../parse-option.ts';
import { usageError } from '../usage-error.ts';
import { untilAborted } from './serve.ts';

interface SimulateOptions {
  readonly server: string;
  readonly agents: string;
  readonly behaviour: Behaviour;
  readonly attribute: readonly string[];
  readonly ramp: string;
  readonly pollSeconds: string;
}

/** `muster simulate`: a fleet of simulated agents against any OpAMP server. */
export function addSimulateCommand(program: Command, console: Console): void {
  program
    .command('simulate')
    .description('simulated agents, for trials and load; the token comes from MUSTER_AGENT_TOKEN')
    .requiredOption('--server <url>', 'OpAMP endpoint: ws(s):// or http(s)://')
    .option('--agents <number>', 'how many', '10')
    .addOption(
      new Option('--behaviour <name>', 'what they make of an offer').choices(behaviours).default('apply'),
    )
    .option(
      '--attribute <key=value>',
      'attribute of every agent; may be repeated',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--ramp <seconds>', 'time over which they start', '5')
    .option('--poll-seconds <seconds>', 'between polls or heartbeats', '30')
    .action((options: SimulateOptions) => simulate(options, console));
}

const reportEveryMs = 2_000;

async function simulate(options: SimulateOptions, console: Console): Promise<void> {
  const count = parseCount('--agents', options.agents, 1, 100_000);
  const rampMs = parseSeconds('--ramp', options.ramp);
  const pollMs = parseSeconds('--poll-seconds', options.pollSeconds);
  if (!/^(?:ws|http)s?:\/\//.test(options.server) || !URL.canParse(options.server))
    throw usageError(
      `--server must be a ws(s):// or http(s):// address such as ws://127.0.0.1:4320/v1/opamp, not "${options.server}"`,
    );
  const token = console.environment.MUSTER_AGENT_TOKEN;
  const extra = Object.fromEntries(options.attribute.map((text) => parsePair('--attribute', text)));
  const fleet = createSimulatedFleet(
    {
      count,
      rampMs,
      agent: (index) => ({
        url: options.server,
        ...(token !== undefined && { token }),
        behaviour: options.behaviour,
        pollMs,
        attributes: {
          'service.name': 'otelcol-contrib',
          'service.version': '0.159.0',
          'host.name': `sim-${index + 1}`,
          ...extra,
        },
      }),
    },
    { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() },
  );
  const describe = () => {
    const { started, connected, applied, failed } = fleet.counts();
    return `${started} started, ${connected} connected, ${applied} applied, ${failed} failed`;
  };
  const report = console.errIsTerminal
    ? setInterval(() => console.err(`\r${describe()}`), reportEveryMs)
    : undefined;
  await untilAborted(console.signal);
  clearInterval(report);
  console.out(`${describe()}\n`);
  fleet.stop();
}
