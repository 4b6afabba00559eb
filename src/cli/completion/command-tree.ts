import type { Argument, Command, Option } from 'commander';

/** What completes a value: names from a list, a path, or nothing that we know. */
export type ValueKind =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'unknown' };

export interface OptionEntry {
  /** With dashes, such as `-w` and `--watch`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Absent where it takes no value. */
  readonly value?: ValueKind;
}

/** One command, as the completions of every shell need it. */
export interface CommandEntry {
  /** Words after `muster`; empty for `muster` itself. */
  readonly path: readonly string[];
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionEntry[];
  /** What its first argument is; absent where it takes none. */
  readonly argument?: ValueKind;
}

/** Every command below and with `root`, parents first. */
export function describeCommands(root: Command, path: readonly string[] = []): readonly CommandEntry[] {
  const [argument] = root.registeredArguments;
  const visible = root.createHelp();
  const subcommands = visible.visibleCommands(root).filter((command) => command.name() !== 'help');
  const own: CommandEntry = {
    path,
    subcommands: subcommands.map((command) => ({ name: command.name(), description: command.description() })),
    options: visible.visibleOptions(root).map(describeOption),
    ...(argument && { argument: describeArgument(argument) }),
  };
  return [own, ...subcommands.flatMap((command) => describeCommands(command, [...path, command.name()]))];
}

function describeOption(option: Option): OptionEntry {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const { description } = option;
  if (!option.required && !option.optional) return { names, description };
  return { names, description, value: valueKindOf(option.argChoices, option.flags) };
}

function describeArgument(argument: Argument): ValueKind {
  return valueKindOf(argument.argChoices, `<${argument.name()}>`);
}

/** The placeholder in a usage text says what a value is. */
function valueKindOf(choices: readonly string[] | undefined, usage: string): ValueKind {
  if (choices) return { kind: 'choices', choices };
  if (/<(?:file|path)>/.test(usage)) return { kind: 'file' };
  if (/<dir>/.test(usage)) return { kind: 'folder' };
  return { kind: 'unknown' };
}
