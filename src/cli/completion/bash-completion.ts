import type { CommandEntry, ValueKind } from './command-tree.ts';
import { computeTransitions, pairOf, quoteWord } from './transitions.ts';

/** A completion script for bash 3.2 and later that needs nothing else. */
export function composeBashCompletion(commands: readonly CommandEntry[]): string {
  const { enters, takesValue } = computeTransitions(commands);
  return `# Completion of muster for bash: source <(muster completion bash)
_muster() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} at='' i
  if [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at|\${COMP_WORDS[i]}" in
${enters.map(([pair, command]) => `      ${quoteWord(pair)}) at=${quoteWord(command)} ;;`).join('\n')}
      ${takesValue.map(quoteWord).join(' | ')}) i=$((i + 1)) ;;
    esac
  done
  COMPREPLY=()
  case "$at|$previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _muster muster
`;
}

function valueCases({ path, options }: CommandEntry): string[] {
  return options.flatMap(({ names, value }) => {
    if (!value) return [];
    const pattern = names.map((name) => quoteWord(pairOf(path, name))).join(' | ');
    return [`    ${pattern}) ${[...fill(value), 'return'].join('; ')} ;;`];
  });
}

function commandCase({ path, subcommands, options, argument }: CommandEntry): string {
  const words = [...subcommands.map(({ name }) => name), ...options.flatMap(({ names }) => names)];
  const values = argument ? fill(argument).map((line) => `[[ $cur == -* ]] || { ${line}; }`) : [];
  return `    ${quoteWord(path.join(' '))}) ${[choose(words), ...values].join('; ')} ;;`;
}

function fill(value: ValueKind): string[] {
  switch (value.kind) {
    case 'choices':
      return [choose(value.choices)];
    case 'file':
      return ['compopt -o filenames 2>/dev/null', 'COMPREPLY+=($(compgen -f -- "$cur"))'];
    case 'folder':
      return ['compopt -o filenames 2>/dev/null', 'COMPREPLY+=($(compgen -d -- "$cur"))'];
    case 'unknown':
      return [];
  }
}

function choose(words: readonly string[]): string {
  return `COMPREPLY+=($(compgen -W $'${words.join('\\n')}' -- "$cur"))`;
}
