import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createEnrollmentToken } from '../../credentials/index.ts';
import type { Console } from '../console.ts';
import { checkName } from '../parse-option.ts';

/** `muster token create`: a secret for agents, and the line to commit. */
export function addTokenCommand(program: Command, console: Console): void {
  const token = program.command('token').description('enrollment tokens');
  token
    .command('create')
    .description('print a new enrollment token, once, and the line to commit')
    .requiredOption('--tenant <name>', 'tenant that the agents will belong to')
    .requiredOption('--name <name>', 'name of the entry')
    .action(({ tenant, name }: { readonly tenant: string; readonly name: string }) => {
      checkName('--tenant', tenant);
      checkName('--name', name);
      const created = createEnrollmentToken(randomBytes);
      console.out(`${created.token}\n`);
      console.err(
        `\nKeep the token where agents can read it (MUSTER_AGENT_TOKEN); it is not shown again.\nAdd to enrollment in tenants/${tenant}/tenant.yaml:\n\n  - {name: ${name}, tokenSha256: ${created.sha256}}\n`,
      );
    });
}
