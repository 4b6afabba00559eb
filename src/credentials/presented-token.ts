/** Longest Authorization header that is looked at. */
const maxHeaderLength = 8192;

const bearer = /^bearer +([\x21-\x7e]+) *$/i;
const basic = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** The token of `Authorization: Bearer <token>`; undefined for anything else. */
export function readBearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > maxHeaderLength) return undefined;
  return bearer.exec(authorization)?.[1];
}

/** The token of a Bearer header, or the password of a Basic one, for agents that can only send a name and a password. */
export function readAgentToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > maxHeaderLength) return undefined;
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return readBearerToken(authorization);
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 || colon === pair.length - 1 ? undefined : pair.slice(colon + 1);
}
