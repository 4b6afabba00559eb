/** The host's own explanation in an error answer, at most 200 characters; a page of HTML says nothing useful. */
export function hostMessage(text: string): string {
  const said = fromJson(text.slice(0, 65_536));
  return said
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}

function fromJson(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return '';
    const { message, error, errors } = body as Record<string, unknown>;
    return [message, error, errors]
      .filter((part) => part !== undefined)
      .map(toText)
      .join('; ');
  } catch {
    return '';
  }
}

function toText(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part);
}

/** `text` without the secrets that the request carried, alone, after a scheme such as `Bearer`, or within `Basic`. */
export function redactSecrets(text: string, headers: Readonly<Record<string, string>>): string {
  let clean = text;
  for (const secret of Object.values(headers).flatMap(secretsIn))
    if (secret.length > 0) clean = clean.replaceAll(secret, '[redacted]');
  return clean;
}

function secretsIn(value: string): readonly string[] {
  const secret = value.replace(/^(?:bearer|token|basic)\s+/i, '');
  if (!/^basic\s/i.test(value)) return [secret];
  const pair = Buffer.from(secret, 'base64').toString('utf8');
  return [secret, pair.slice(pair.indexOf(':') + 1)];
}

/** Why `fetch` failed, as the system's code; its own messages can quote addresses. */
export function networkReason(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code)) return code;
  }
  return 'connection failed';
}
