import type { CommandEntry, ValueKind } from './command-tree.ts';
import { computeTransitions, pairOf, quoteWord } from './transitions.ts';

/** A completion script for zsh, to be sourced after `compinit` or put into `$fpath` as `_muster`. */
export function composeZshCompletion(commands: readonly CommandEntry[]): string {
  const { enters, takesValue } = computeTransitions(commands);
  return `#compdef muster
# Completion of muster for zsh: source <(muster completion zsh)
_muster() {
  local at='' previous=\${words[CURRENT-1]}
  local -i i
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    case "$at|\${words[i]}" in
${enters.map(([pair, command]) => `      (${quoteWord(pair)}) at=${quoteWord(command)} ;;`).join('\n')}
      (${takesValue.map(quoteWord).join('|')}) i=$((i + 1)) ;;
    esac
  done
  case "$at|$previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _muster ]]; then _muster "$@"; else compdef _muster muster; fi
`;
}

function valueCases({ path, options }: CommandEntry): string[] {
  return options.flatMap(({ names, value }) => {
    if (!value) return [];
    const pattern = names.map((name) => quoteWord(pairOf(path, name))).join('|');
    return [`    (${pattern}) ${[...fill(value), 'return'].join('; ')} ;;`];
  });
}

function commandCase({ path, subcommands, options, argument }: CommandEntry): string {
  const described = [
    ...subcommands.map(({ name, description }) => entryOf(name, description)),
    ...options.flatMap(({ names, description }) => names.map((name) => entryOf(name, description))),
  ];
  const values = argument ? fill(argument).map((line) => `[[ $words[CURRENT] == -* ]] || ${line}`) : [];
  return `    (${quoteWord(path.join(' '))}) ${[`entries=(${described.join(' ')})`, "_describe 'muster' entries", ...values].join('; ')} ;;`;
}

function entryOf(name: string, description: string): string {
  return quoteWord(`${name.replace(/:/g, '\\:')}:${description}`);
}

function fill(value: ValueKind): string[] {
  switch (value.kind) {
    case 'choices':
      return [`compadd -- ${value.choices.map(quoteWord).join(' ')}`];
    case 'file':
      return ['_files'];
    case 'folder':
      return ['_files -/'];
    case 'unknown':
      return [];
  }
}
