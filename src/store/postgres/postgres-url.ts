import { MusterError } from '../../model/index.ts';

/** The store URL as it may be shown: without password and parameters. Throws `STORE_URL` where it is none. */
export function showPostgresUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol)) throw notPostgres();
  const user = url.username === '' ? '' : `${url.username}@`;
  return `postgres://${user}${url.host}${url.pathname}`;
}

function notPostgres(): MusterError {
  return new MusterError('STORE_URL', 'the store is no postgres:// URL', {
    disposition: 'stalled',
    hint: 'Write postgres://user@host:5432/database?sslmode=verify-full, or leave --store out for the embedded store.',
  });
}
