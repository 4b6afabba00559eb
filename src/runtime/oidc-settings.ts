import { MusterError } from '../model/index.ts';
import type { SettingKey, SettingValues } from './settings.ts';

/** At which OpenID provider people sign in to the page, and who may do what. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes: string;
  /** `oidc.roles` as it is written. */
  readonly roles: string;
  readonly nameClaim: string;
  readonly label: string;
  /** The setting `publicUrl`: browsers come back below it and nowhere else. */
  readonly publicUrl: string;
}

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Reads the settings under `oidc`; undefined without an issuer. Throws `SETTINGS_INVALID` where one that it needs is missing. */
export function readOidc(values: SettingValues): OidcSettings | undefined {
  const text = (key: SettingKey) => String(values[key] ?? '').trim();
  const issuer = text('oidc.issuer');
  if (issuer === '') return undefined;
  const url = URL.parse(issuer);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && loopbackHost.test(url.hostname)))
    throw invalid(
      'oidc.issuer is no https URL',
      'Copy it from the provider, as its discovery document spells it.',
    );
  const needed = (key: SettingKey, hint: string): string => {
    const value = text(key);
    if (value === '') throw invalid(`oidc.issuer is set, and ${key} is not`, hint);
    return value;
  };
  const publicUrl = needed('publicUrl', 'Browsers come back from the provider to this address.');
  if (!/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? ''))
    throw invalid('publicUrl is no http or https URL', 'Give the address at which browsers reach the page.');
  const clientSecret = text('oidc.clientSecret');
  return {
    issuer,
    clientId: needed('oidc.clientId', 'Register Muster at the provider.'),
    ...(clientSecret !== '' && { clientSecret }),
    scopes: withOpenId(text('oidc.scopes')),
    roles: needed('oidc.roles', 'Without it nobody could sign in: operator:*:groups=platform, for example.'),
    nameClaim: text('oidc.nameClaim'),
    label: text('oidc.label'),
    publicUrl,
  };
}

/** Without this scope there is no ID token (OpenID Connect Core 1.0, section 3.1.2.1). */
function withOpenId(scopes: string): string {
  const words = scopes.split(/[\s,]+/).filter((word) => word !== '' && word !== 'openid');
  return ['openid', ...words].join(' ');
}

function invalid(message: string, hint: string): MusterError {
  return new MusterError('SETTINGS_INVALID', message, { disposition: 'stalled', hint });
}
