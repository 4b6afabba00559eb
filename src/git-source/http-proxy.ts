/** Whether the environment's proxy settings (`HTTPS_PROXY`, `NO_PROXY`, …, as curl reads them) apply to this URL. */
export function usesProxy(url: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const { protocol, hostname } = new URL(url);
  if (isLoopback(hostname)) return false;
  const read = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? '';
  // curl ignores an upper-case HTTP_PROXY, which a CGI request could set.
  const proxy = protocol === 'https:' ? read('HTTPS_PROXY') : (env.http_proxy ?? '');
  if ((proxy || read('ALL_PROXY')) === '') return false;
  const exempt = read('NO_PROXY')
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ''),
    );
  return !exempt.some(
    (entry) => entry === '*' || (entry !== '' && (hostname === entry || hostname.endsWith(`.${entry}`))),
  );
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
