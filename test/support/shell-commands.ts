/** A quoted text, of one kind or the other. */
const quoted = /"(?:\\.|[^"\\])*"|'[^']*'/g;
const ends = /\|\||&&|[|;&\n]/;
const leading = /^(?:(?:[A-Z_]+=\S*|until|while|do|then|sudo)\s+)+/;

/**
 * The words of every call of `program` in a piece of shell: in lists, pipes and unnested `$(…)`; without redirections and
 * comments. What the shell would fill in stands as it is written.
 */
export function findCalls(script: string, program: string): readonly (readonly string[])[] {
  const inner: string[] = [];
  const outer = script
    .replace(/\\\n\s*/g, ' ')
    .replace(/\$\(((?:[^()"']|"[^"]*"|'[^']*')*)\)/g, (_all, body: string) => `$${inner.push(body) - 1}`);
  return [outer, ...inner].flatMap((text) => callsOf(text, program));
}

function callsOf(script: string, program: string): readonly (readonly string[])[] {
  const texts: string[] = [];
  // No character of a placeholder means anything to a shell.
  const masked = script.replace(quoted, (text) => `\u0001${texts.push(text.slice(1, -1)) - 1}\u0002`);
  const unmask = (word: string) => word.replace(/\u0001(\d+)\u0002/g, (_all, at) => texts[Number(at)] ?? '');
  return masked
    .replace(/(?:^|\s)#.*$/gm, '')
    .replace(/\s*\d*>{1,2}\s*&?\S+/g, '')
    .split(ends)
    .map((command) => command.trim().replace(leading, ''))
    .filter((command) => command === program || command.startsWith(`${program} `))
    .map((command) => command.split(/\s+/).slice(1).map(unmask));
}
