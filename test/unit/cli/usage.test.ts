import { describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';

const commands = [
  'serve',
  'demo',
  'init',
  'validate',
  'render',
  'why',
  'token create',
  'supervisor-config',
  'status',
  'agents list',
  'agents get',
  'agents retry',
  'diff',
  'approve',
  'stop',
  'start',
  'simulate',
  'completion',
];

describe('help', () => {
  it.each(commands)('muster %s --help tells how it is used, and exits 0', async (command) => {
    const { out, err, exit } = await runCommand([...command.split(' '), '--help']);
    expect(out).toMatch(new RegExp(`^Usage: muster ${command} `));
    expect(err).toBe('');
    expect(exit).toBe(0);
  });

  it('the list of commands names each', async () => {
    const { out } = await runCommand(['--help']);
    for (const command of commands) expect(out).toContain(`\n  ${command.split(' ')[0]}`);
  });

  it('serve --help lists settings that have no flag, with their names in the environment', async () => {
    const { out } = await runCommand(['serve', '--help']);
    expect(out).toMatch(/status\.token\s+MUSTER_STATUS_TOKEN/);
  });

  it('--version', async () => {
    expect((await runCommand(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage is one line on standard error that says what to do, and exit status 2', () => {
  it.each([
    ['nope', /unknown command 'nope'/],
    ['validat', /Did you mean validate\?/],
    ['serve --prot 1', /unknown option '--prot'/],
    ['serve', /no fleet repo is set\. Give --repo/],
    ['serve --poll often', /--poll must be a duration such as 30s or 5m, not "often"/],
    ['serve --repo . --http 8080', /--http must be host:port/],
    ['serve --log-level loud', /--log-level must be one of trace, debug/],
    ['serve --repo . --workers 65', /workers is 65\. Set it to a whole number from 1 to 64/],
    ['serve --repo . --store mysql://h/db', /no postgres:\/\/ URL\. Write postgres:/],
    [
      'serve --repo . --store postgres://u:p@h/db',
      /--store holds a password\. Give the whole URL in MUSTER_STORE/,
    ],
    ['serve --config nope.yaml', /settings file nope\.yaml cannot be read/],
    ['demo --agents many', /--agents must be a whole number from 1 to 5000, not "many"/],
    ['init --tenant Bad_Name', /--tenant must have 1 to 40 characters/],
    ['init --tenant fleet', /not be fleet, plan or validate/],
    ['init one two', /too many arguments/],
    ['validate /nonexistent/repo', /cannot be read\. Give the folder of a fleet repo/],
    ['validate --format xml', /Allowed choices are text, json, sarif, github/],
    ['render', /required option '--agent <labels>'/],
    ['render /nonexistent/repo --agent a=b', /cannot be read/],
    ['why', /give --agent <labels>, or the uid of an agent/],
    ['why not-a-uid', /give --agent <labels>, or the uid of an agent/],
    ['token create --tenant acme', /required option '--name <name>'/],
    ['token create --tenant a/b --name x', /--tenant must have/],
    ['supervisor-config', /required option '--tenant <name>'/],
    ['supervisor-config --tenant a --label x', /--label wants key=value, not "x"/],
    ['supervisor-config --tenant a --endpoint host:4320', /--endpoint must be a ws\(s\)/],
    ['status --server localhost', /--server must be an http\(s\) address such as http/],
    ['status --server http://127.0.0.1:9', /no answer from .* Is `muster serve` running/],
    ['status -o toml', /Allowed choices are text, json, yaml/],
    ['agents get x -o text', /Allowed choices are json, yaml/],
    ['agents --watch -o json', /--watch tells text; leave --output json out/],
    ['rollouts -w -o yaml', /--watch tells text; leave --output yaml out/],
    ['agents list --sort name', /Allowed choices are host, seen, worst/],
    ['agents list --revision', /option '--revision <commit>' argument missing/],
    ['agents list --rollout', /option '--rollout <id>' argument missing/],
    ['agents list --step', /option '--step <name>' argument missing/],
    ['agents get', /missing required argument 'uid'/],
    ['diff', /missing required argument 'uid'/],
    ['approve 1234567', /required option '--reason <text>'/],
    ['stop', /required option '--reason <text>'/],
    ['start', /required option '--reason <text>'/],
    ['simulate', /required option '--server <url>'/],
    ['simulate --server localhost:4320', /--server must be a ws\(s\)/],
    ['simulate --server ws://h --agents 0', /--agents must be a whole number from 1 to 20000/],
    ['simulate --server ws://h --ramp soon', /--ramp must be a number of seconds/],
    ['simulate --server ws://h --behaviour odd', /--behaviour must be one of apply, fail, .* not "odd"/],
    ['simulate --server ws://h --behaviour fail=5', /--behaviour must be a share such as 5%, not "5"/],
    ['simulate --server ws://h --behaviour fail=60% --behaviour slow=50%', /more than 100% together/],
    ['simulate --server ws://h --http 101%', /--http must be a share such as 5%/],
    [
      'simulate --server ws://h --local-address 127.0.0.9-127.0.0.2',
      /--local-address wants an address, or a range/,
    ],
    ['simulate --server ws://h --local-address host', /--local-address wants an address/],
    ['simulate --server ws://h --storm-every 0', /--storm-every must be a whole number from 1/],
    ['simulate --server ws://h --for ever', /--for must be a number of seconds/],
    ['simulate --server ws://h --attribute x', /--attribute wants key=value/],
  ])('muster %s', async (line, message) => {
    const { out, err, exit } = await runCommand(line.split(' '));
    expect(err).toMatch(/^muster: [^\n]+\n$/);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(exit).toBe(2);
  });
});
