import type { Problem, Severity } from '../../model/index.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands, one a line, which GitHub shows as annotations on the changed files. */
export function formatGithub(problems: readonly Problem[]): string {
  return problems
    .map(({ severity, file, line, column, code, message }) => {
      const place = `file=${escapeProperty(file)},line=${line},col=${column},title=${escapeProperty(code)}`;
      return `::${commands[severity]} ${place}::${escapeData(message)}\n`;
    })
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
