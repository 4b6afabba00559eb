import { MusterError } from '../../model/index.ts';

/** An issuer that the server's settings vouch for. */
export interface TrustedIssuer {
  /** Where its keys are; found by discovery where absent. */
  readonly keysUrl?: string;
  /** PEM file of the authorities that its certificate is checked against. */
  readonly caFile?: string;
  /** File with a bearer token to ask with, as an API server of Kubernetes wants. */
  readonly tokenFile?: string;
}

/**
 * Reads `jwt.issuers`: issuers separated by commas or white space, each `<issuer>` with any of `;keys=<url>`,
 * `;ca=<file>`, `;token=<file>`. Throws `JWT_ISSUERS_INVALID`.
 */
export function parseTrustedIssuers(setting: string): ReadonlyMap<string, TrustedIssuer> {
  const entries = setting.split(/[\s,]+/).filter((entry) => entry !== '');
  return new Map(entries.map(parseEntry));
}

function parseEntry(entry: string): readonly [issuer: string, trusted: TrustedIssuer] {
  const [issuer = '', ...options] = entry.split(';');
  if (!URL.canParse(issuer)) throw invalid(`"${issuer.slice(0, 100)}" is no URL`);
  const trusted: TrustedIssuer = Object.assign({}, ...options.map((option) => parseOption(option, issuer)));
  // A discovery document must not decide who is shown the token.
  if (trusted.tokenFile !== undefined && trusted.keysUrl === undefined)
    throw invalid(`token= of ${issuer} needs keys=, the one address that it is sent to`);
  return [issuer, trusted];
}

function parseOption(option: string, issuer: string): TrustedIssuer {
  const equals = option.indexOf('=');
  const value = option.slice(equals + 1);
  switch (equals < 0 || value === '' ? undefined : option.slice(0, equals)) {
    case 'keys':
      if (!URL.canParse(value)) throw invalid(`keys of ${issuer} is no URL`);
      return { keysUrl: value };
    case 'ca':
      return { caFile: value };
    case 'token':
      return { tokenFile: value };
    default:
      throw invalid(`${issuer} has an option that is none of keys=, ca=, token=`);
  }
}

function invalid(message: string): MusterError {
  return new MusterError('JWT_ISSUERS_INVALID', `jwt.issuers: ${message}.`, {
    disposition: 'stalled',
    hint: 'Write <issuer>, or <issuer>;keys=<url>;ca=<file>;token=<file>, separated by commas.',
  });
}
