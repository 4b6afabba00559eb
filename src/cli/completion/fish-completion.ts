import type { CommandEntry, OptionEntry, ValueKind } from './command-tree.ts';
import { computeTransitions } from './transitions.ts';

/** A completion script for fish 3 and later. */
export function composeFishCompletion(commands: readonly CommandEntry[]): string {
  const { enters, takesValue } = computeTransitions(commands);
  return `# Completion of muster for fish: muster completion fish | source
function __muster_at
  set -l at ''
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch "$at|$word"
${enters.map(([pair, command]) => `      case ${quote(pair)}\n        set at ${quote(command)}`).join('\n')}
      case ${takesValue.map(quote).join(' ')}
        set skip 1
    end
  end
  test "$at" = "$argv[1]"
end
complete -c muster -f
${commands.flatMap(composeLines).join('\n')}
`;
}

function composeLines({ path, subcommands, options, argument }: CommandEntry): string[] {
  const when = `complete -c muster -n ${quote(`__muster_at ${quote(path.join(' '))}`)}`;
  return [
    ...subcommands.map(({ name, description }) => `${when} -a ${quote(name)} -d ${quote(description)}`),
    ...options.map((option) => `${when} ${optionPart(option)}`),
    ...(argument ? valueParts(argument).map((part) => `${when} ${part}`) : []),
  ];
}

function optionPart({ names, description, value }: OptionEntry): string {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value ? [value.kind === 'file' ? '-r' : '-x', ...valueParts(value)] : [];
  return [...named, ...takes, `-d ${quote(description)}`].join(' ');
}

function valueParts(value: ValueKind): string[] {
  switch (value.kind) {
    case 'choices':
      return [`-a ${quote(value.choices.join(' '))}`];
    case 'file':
      return ['-F'];
    case 'folder':
      return [`-a '(__fish_complete_directories)'`];
    case 'unknown':
      return [];
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
