/**
 * Reasons in words that are safe to publish, and how to recognise them in free text. The collector quotes config
 * values in its errors, so an agent's own words never leave the server.
 */
const reasonClasses: readonly (readonly [string, RegExp])[] = [
  // Sentences of ours first: the names in them could be taken for something else.
  [
    'lacks an attribute',
    /^(?:the agent does not report \S{1,200}, which its config uses|lacks an attribute)$/,
  ],
  ['labels change with the config', /\blabels change with (?:its|the) config\b/],
  ['would delete what it runs', /\b(?:would|could) delete\b/],
  ['needs another type', /\btype: otelcol-cr\b|another type/],
  ['secrets are not open', /\bsecrets (?:of \S{1,200} )?are not open\b/],
  ['killed by a signal', /killed by a signal|\bsignal:? (?:SIG[A-Z]{2,6}|killed|segmentation fault)\b/i],
  ['wrong config', /wrong config/i],
  ['no answer', /no answer|not settled|timed? ?out|deadline exceeded/i],
  ['package not installed', /\bpackage not installed\b/i],
  ['unhealthy', /unhealthy|health ?check|not healthy/i],
  ['needs another version', /\bversion\b/i],
  [
    'lacks a component',
    /unknown (?:type|component)|\bcomponents?\b|\bbuild lacks\b|not available in (?:this )?build/i,
  ],
  ['lacks an attribute', /\battribute\b|\$\(agent\./i],
  [
    'rejected config',
    /reject|invalid|cannot unmarshal|decod|parse|yaml|has (?:unset|invalid) (?:fields|keys)|config/i,
  ],
];

/** The class of a failure (`exit code 1`, `rejected config`, `unhealthy`, `wrong config`, …) without the reporter's words. */
export function reduceReason(reason: string): string {
  const text = reason.slice(0, 4096);
  const exit = /\bexit(?:ed)?(?: with)?(?: code| status)?[ :=]{1,3}(-?\d{1,5})\b/i.exec(text);
  if (exit) return `exit code ${exit[1]}`;
  for (const [name, pattern] of reasonClasses) if (pattern.test(text)) return name;
  return '';
}

/** A host name as it may be shown: host-name characters only, at most 40 of them. */
export function safeHost(host: string): string {
  const plain = host.replace(/[^A-Za-z0-9._-]/g, '');
  return plain.length <= 40 ? plain : `${plain.slice(0, 37)}...`;
}
