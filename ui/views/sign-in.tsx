import { useEffect, useState } from 'preact/hooks';
import type { SignInView } from '../../src/model/index.ts';
import { ApiError, readApi, writeApi } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { query } from '../place.ts';

/** Why the provider's answer signed nobody in, by the word that the server puts in the address. */
const faults: Readonly<Record<string, string>> = {
  denied: 'The provider did not let you in, or you turned back.',
  expired: 'That took too long, or was begun in another window. Sign in again.',
  refused: 'The answer of the provider does not hold. An operator finds the reason in the log.',
  'no-role': 'You are known to the provider, but have no role here. Ask an operator for one.',
  unavailable: 'The provider cannot be reached just now. Try again, or sign in with a token.',
  limited: 'Too many failed attempts from your network. Try again in a minute.',
};

/** Swaps a token for a session, or sends people to their OpenID provider. */
export function SignIn() {
  const [ways, setWays] = useState<SignInView>();
  const to = safeTarget(query.value.get('to') ?? '');
  const fault = query.value.get('fault');
  useEffect(() => {
    document.title = 'Sign in · Muster';
    readApi<SignInView>('sign-in').then(
      (answer) => setWays(answer?.body),
      () => setWays({ token: true, singleSignOn: null }),
    );
  }, []);
  return (
    <main class="sign-in" id="main">
      <div class="card">
        <h1>
          <Icon name="logo" /> Sign in to Muster
        </h1>
        {fault !== null && (
          <p class="bad sm" role="alert">
            {(Object.hasOwn(faults, fault) && faults[fault]) || 'Signing in failed.'}
          </p>
        )}
        {ways && ways.singleSignOn !== null && (
          <a class="btn p" href={`api/v1/sign-in/oidc?to=${encodeURIComponent(to)}`}>
            Sign in with {ways.singleSignOn}
          </a>
        )}
        {ways && (ways.token || ways.singleSignOn === null) && (
          <TokenForm to={to} primary={ways.singleSignOn === null} />
        )}
        {to !== './' && <p class="dim sm">You go on to /{to}</p>}
      </div>
    </main>
  );
}

function TokenForm({ to, primary }: { readonly to: string; readonly primary: boolean }) {
  const [token, setToken] = useState('');
  const [shown, setShown] = useState(false);
  const [fault, setFault] = useState('');
  const signIn = async () => {
    try {
      await writeApi('POST', 'session', { token });
      location.assign(new URL(to, document.baseURI));
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <label for="token">Token</label>
      <div class="row2">
        <input
          id="token"
          {...({ type: shown ? 'text' : 'password' } as { type: 'password' })}
          autocomplete="current-password"
          required
          aria-describedby="token-help"
          aria-invalid={fault !== ''}
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button class="btn" type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Show'}
        </button>
      </div>
      {fault !== '' && (
        <p class="bad sm" role="alert">
          {fault}
        </p>
      )}
      <button class={primary ? 'btn p' : 'btn'} type="submit">
        {primary ? 'Sign in' : 'Sign in with the token'}
      </button>
      <p class="dim sm" id="token-help">
        Ask an operator: tokens are listed in the setting <code>api.tokens</code>.
      </p>
    </form>
  );
}

/** An address below the base, whatever was written there. */
function safeTarget(to: string): string {
  const url = URL.parse(to === '' ? './' : to, document.baseURI);
  return url?.origin === location.origin && !to.startsWith('/') ? to || './' : './';
}
