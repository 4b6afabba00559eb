const secretName =
  /(^|[_.-])(passwords?|passwd|pwd|secrets?|tokens?|api_?keys?|access_?keys?|private_?keys?|credentials?|authorization|auth_?key|connection_string|dsn|datasource|passphrase|bearer|cookies?)($|[_.-])|_pem$|(password|secret|apikey|accesskey|token)$/i;
const harmlessName =
  /(^|[_.-])(file|files|path|dir|directory|url|uri|endpoint|name|type|scheme|header_prefix)$/i;
const secretParents = new Set(['headers', 'response_headers']);

/** Whether a value at this path is taken for a secret by the names of its keys alone. */
export function isSecretPath(path: readonly (string | number)[]): boolean {
  const keys = path.filter((key): key is string => typeof key === 'string');
  const leaf = keys.at(-1);
  if (leaf === undefined) return false;
  if (keys.some((key) => secretParents.has(key)))
    return !(leaf === 'name' && typeof path.at(-2) === 'number');
  if (leaf === 'key' && keys.at(-2) === 'api') return true;
  if (harmlessName.test(leaf)) return false;
  // The first two keys are a section and a component's name, which may be anything.
  const named = [...keys.slice(2, -1), leaf];
  return named.some((key) => secretName.test(key) && !harmlessName.test(key));
}
