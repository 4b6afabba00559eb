#!/usr/bin/env node
import { createProcessConsole, runCli } from './cli/index.ts';

await runCli(process.argv.slice(2), createProcessConsole());
// A service that could not start leaves threads behind, which would keep the process alive. Pipes are written out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
