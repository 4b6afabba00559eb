import { exactlyOne, settings, text } from '../shape.ts';

/** Settings of the basicauth extension. */
export const basicauthExtension = settings(
  {
    client_auth: settings({ password: text, password_file: text, username: text, username_file: text }),
    htpasswd: settings({ file: text, inline: text }),
  },
  { groups: [exactlyOne('htpasswd', 'client_auth')] },
);
