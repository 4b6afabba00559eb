import type { Command } from 'commander';
import type { Console } from './console.ts';

/** Commands of one file. */
export interface CommandGroup {
  readonly names: readonly string[];
  /** Reads the file, and all that it needs. */
  load(): Promise<(program: Command, console: Console) => void>;
}

/** Every command, in the order of the help. */
export const commandGroups: readonly CommandGroup[] = [
  { names: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
  { names: ['demo'], load: async () => (await import('./commands/demo.ts')).addDemoCommand },
  { names: ['init'], load: async () => (await import('./commands/init.ts')).addInitCommand },
  { names: ['validate'], load: async () => (await import('./commands/validate.ts')).addValidateCommand },
  { names: ['render'], load: async () => (await import('./commands/render.ts')).addRenderCommand },
  { names: ['why'], load: async () => (await import('./commands/why.ts')).addWhyCommand },
  { names: ['plan'], load: async () => (await import('./commands/plan.ts')).addPlanCommand },
  { names: ['ocb'], load: async () => (await import('./commands/ocb.ts')).addOcbCommand },
  { names: ['schema'], load: async () => (await import('./commands/schema-import.ts')).addSchemaCommands },
  { names: ['token'], load: async () => (await import('./commands/token.ts')).addTokenCommand },
  {
    names: ['supervisor-config'],
    load: async () => (await import('./commands/supervisor-config.ts')).addSupervisorConfigCommand,
  },
  { names: ['status'], load: async () => (await import('./commands/status.ts')).addStatusCommand },
  { names: ['agents'], load: async () => (await import('./commands/agents.ts')).addAgentCommands },
  { names: ['diff'], load: async () => (await import('./commands/diff.ts')).addDiffCommand },
  {
    names: ['approve', 'stop', 'start'],
    load: async () => (await import('./commands/operator-acts.ts')).addOperatorCommands,
  },
  {
    names: ['rollouts', 'pin', 'unpin'],
    load: async () => (await import('./commands/rollouts.ts')).addRolloutCommands,
  },
  { names: ['simulate'], load: async () => (await import('./commands/simulate.ts')).addSimulateCommand },
  {
    names: ['completion'],
    load: async () => (await import('./commands/completion.ts')).addCompletionCommand,
  },
];

/** Those that a command line needs: one where it names a command, all where it asks about commands. */
export function findGroups([first]: readonly string[]): readonly CommandGroup[] {
  if (first === '--version' || first === '-V') return [];
  const named = first !== 'completion' && commandGroups.find(({ names }) => names.includes(first ?? ''));
  return named ? [named] : commandGroups;
}
