import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the collector says to a command line: its exit status and everything it printed. */
export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

/** The collector as an oracle: what it makes of the config files it is given. */
export interface CollectorOracle {
  /** `validate` over one config. */
  validate(config: string): Promise<Verdict>;
  /** `print-config` over several `--config`, later wins; without validation, secrets shown. */
  printConfig(layers: readonly string[]): Promise<Verdict>;
  /** What the build holds, as `kind/type`; older names are not told. */
  components(): Promise<ReadonlySet<string>>;
}

/** Runs `use` with an oracle whose files are deleted afterwards. */
export async function withCollector<T>(
  collector: string,
  use: (oracle: CollectorOracle) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-collector-'));
  let files = 0;
  function argumentsFor(layers: readonly string[]): string[] {
    return layers.flatMap((layer) => {
      const path = join(folder, `${files++}.yaml`);
      writeFileSync(path, layer);
      return ['--config', path];
    });
  }
  function run(args: readonly string[]): Promise<Verdict> {
    return new Promise((resolve) => {
      execFile(collector, args, { timeout: 30_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) =>
        resolve({ accepted: error === null, output: stdout + stderr }),
      );
    });
  }
  try {
    return await use({
      validate: (config) => run(['validate', ...argumentsFor([config])]),
      printConfig: (layers) =>
        run(['print-config', '--mode=unredacted', '--validate=false', ...argumentsFor(layers)]),
      components: async () => readComponents((await run(['components'])).output),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readComponents(listing: string): ReadonlySet<string> {
  const found = new Set<string>();
  let kind = '';
  for (const line of listing.split('\n')) {
    kind = /^(receiver|processor|exporter|connector|extension)s:$/.exec(line)?.[1] ?? kind;
    const type = /^ {4}- name: (\S+)$/.exec(line)?.[1];
    if (type !== undefined && kind !== '') found.add(`${kind}/${type}`);
  }
  return found;
}
