import { type Command, Option } from 'commander';
import { behaviours } from '../../simulator/index.ts';
import type { Console } from '../console.ts';
import {
  checkOpenFiles,
  describeResult,
  parseSimulation,
  readOpenFileLimit,
  runSimulation,
  type SimulateOptions,
} from '../simulate/index.ts';

const append = (value: string, all: readonly string[]) => [...all, value];

/** Its choices are there for completion and help: a share may follow each. */
function behaviourOption(): Option {
  const option = new Option(
    '--behaviour <name[=share]>',
    'what agents make of an offer; may be repeated, the rest apply it',
  )
    .argParser(append)
    .default([], 'apply');
  option.argChoices = [...behaviours];
  return option;
}

/** `muster simulate`: a fleet of simulated agents against any OpAMP server; exit status 1 where it should have converged. */
export function addSimulateCommand(program: Command, console: Console): void {
  program
    .command('simulate')
    .description('simulated agents, for trials and load; the token comes from MUSTER_AGENT_TOKEN')
    .requiredOption('--server <url>', 'OpAMP endpoint: ws(s):// or http(s)://')
    .option('--agents <number>', 'how many, 20,000 at most', '10')
    .addOption(behaviourOption())
    .option('--attribute <key=value>', 'attribute of every agent; may be repeated', append, [])
    .option(
      '--http <share>',
      'how many poll over HTTP, such as 20%; all or none, as --server says, without it',
    )
    .option(
      '--local-address <address>',
      'call from it, or from all of a range such as 127.0.0.2-127.0.0.9; may be repeated',
      append,
      [],
    )
    .option('--duplicate-uids <share>', 'how many come with the uid of another', '0%')
    .option('--storm-every <seconds>', 'all lose their connection at once, every so often')
    .option('--replace-per-minute <number>', 'so many say goodbye, and others with new uids take their place')
    .option('--ramp <seconds>', 'time over which they start', '5')
    .option('--poll-seconds <seconds>', 'between polls or heartbeats', '30')
    .option(
      '--apply-seconds <seconds>',
      'from an offer to its acknowledgement; slow agents take ten times as long',
      '0.5',
    )
    .option('--flap-seconds <seconds>', 'between changes of health of flapping agents', '5')
    .option('--for <seconds>', 'end after this time')
    .option('--until-converged', 'end when all are connected and have answered an offer')
    .addOption(
      new Option('-o, --output <format>', 'how the result is told').choices(['text', 'json']).default('text'),
    )
    .action((options: SimulateOptions) => simulate(options, console));
}

/** From more connections of one address than these, each new one has to look for a free port for long. */
const connectionsPerAddress = 2_500;

async function simulate(options: SimulateOptions, console: Console): Promise<void> {
  const simulation = parseSimulation(options, console.environment.MUSTER_AGENT_TOKEN);
  const { count, localAddresses } = simulation.plan;
  checkOpenFiles(count, readOpenFileLimit());
  if (count > connectionsPerAddress * Math.max(1, localAddresses.length))
    console.err(
      `muster: more than ${connectionsPerAddress} connections from one address slow connecting; --local-address gives them several\n`,
    );
  const result = await runSimulation(simulation, console);
  console.out(
    options.output === 'json' ? `${JSON.stringify(result, undefined, 2)}\n` : describeResult(result),
  );
  if (simulation.untilConverged && !result.converged) console.exit(1);
}
