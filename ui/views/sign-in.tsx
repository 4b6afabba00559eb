import { useEffect, useState } from 'preact/hooks';
import { ApiError, writeApi } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { query } from '../place.ts';

/** Swaps a token for a session. */
export function SignIn() {
  const [token, setToken] = useState('');
  const [shown, setShown] = useState(false);
  const [fault, setFault] = useState('');
  const to = safeTarget(query.value.get('to') ?? '');
  useEffect(() => {
    document.title = 'Sign in · Muster';
  }, []);
  const signIn = async () => {
    try {
      await writeApi('POST', 'session', { token });
      location.assign(new URL(to, document.baseURI));
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
    }
  };
  return (
    <main class="sign-in" id="main">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <h1>
          <Icon name="logo" /> Sign in to Muster
        </h1>
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
        <button class="btn p" type="submit">
          Sign in
        </button>
        <p class="dim sm" id="token-help">
          Ask an operator: tokens are listed in the setting <code>api.tokens</code>.
          {to === './' ? '' : ` You go on to /${to}`}
        </p>
      </form>
    </main>
  );
}

/** An address below the base, whatever was written there. */
function safeTarget(to: string): string {
  const url = URL.parse(to === '' ? './' : to, document.baseURI);
  return url?.origin === location.origin && !to.startsWith('/') ? to || './' : './';
}
