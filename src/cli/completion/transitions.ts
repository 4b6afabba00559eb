import type { CommandEntry } from './command-tree.ts';

/**
 * How a shell finds the command that the words before the cursor name: pairs `<command>|<word>`, and what each leads to. A
 * command is its words joined by blanks.
 */
export interface Transitions {
  /** The word is a subcommand. */
  readonly enters: readonly (readonly [pair: string, command: string])[];
  /** The word is an option whose value follows. */
  readonly takesValue: readonly string[];
}

/** The transitions of all commands. */
export function computeTransitions(commands: readonly CommandEntry[]): Transitions {
  return {
    enters: commands.flatMap(({ path, subcommands }) =>
      subcommands.map(({ name }) => [pairOf(path, name), [...path, name].join(' ')] as const),
    ),
    takesValue: commands.flatMap(({ path, options }) =>
      options.flatMap(({ names, value }) => (value ? names.map((name) => pairOf(path, name)) : [])),
    ),
  };
}

/** A command and a word that follows it. */
export function pairOf(path: readonly string[], word: string): string {
  return `${path.join(' ')}|${word}`;
}

/** A text as one word of a shell. */
export function quoteWord(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
