import './styles/tokens.css';
import './styles/base.css';
import './styles/overview.css';
import './styles/rollout.css';
import './styles/agent.css';
import './styles/page.css';
import './styles/config.css';
import { type ComponentType, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../src/model/index.ts';
import { readApi, signedOut } from './api/client.ts';
import { startLive } from './api/live.ts';
import { KeyList, listenToKeys } from './parts/keys.tsx';
import { session } from './parts/session.ts';
import { Shell } from './parts/shell.tsx';
import { applyTheme } from './parts/theme.ts';
import { go, listenToPlace, path, route } from './place.ts';
import type { ViewName } from './router.ts';
import { Overview } from './views/overview.tsx';
import { SignIn } from './views/sign-in.tsx';
import { Unreadable } from './views/unreadable.tsx';

type View = ComponentType;

const views: Readonly<Record<ViewName, () => Promise<View>>> = {
  overview: async () => Overview,
  'sign-in': async () => SignIn,
  tenants: async () => (await import('./views/tenants.tsx')).Tenants,
  tenant: async () => (await import('./views/tenant.tsx')).Tenant,
  config: async () => (await import('./views/config.tsx')).Config,
  agents: async () => (await import('./views/agents.tsx')).Agents,
  agent: async () => (await import('./views/agent.tsx')).Agent,
  rollouts: async () => (await import('./views/rollouts.tsx')).Rollouts,
  rollout: async () => (await import('./views/rollout.tsx')).Rollout,
  revisions: async () => (await import('./views/revisions.tsx')).Revisions,
  revision: async () => (await import('./views/revision.tsx')).Revision,
  plan: async () => (await import('./views/plan.tsx')).Plan,
  problems: async () => (await import('./views/problems.tsx')).Problems,
  events: async () => (await import('./views/events.tsx')).Events,
  'not-found': async () => (await import('./views/not-found.tsx')).NotFound,
};

/** The view of the address, in its frame. */
function App() {
  const { view } = route.value;
  const place = path.value;
  const [shown, setShown] = useState<{ readonly name: ViewName; readonly View: View }>();
  useEffect(() => {
    let current = true;
    const show = (View: View) => current && setShown({ name: view, View });
    views[view]().then(show, () => show(Unreadable));
    return () => {
      current = false;
    };
  }, [view]);
  const out = signedOut.value;
  useEffect(() => {
    if (out && view !== 'sign-in')
      go(`sign-in?to=${encodeURIComponent(place + location.search)}`, { replace: true });
  }, [out, view]);
  if (view === 'sign-in') return <SignIn />;
  return (
    <>
      <Shell>{shown?.name === view && <shown.View key={place} />}</Shell>
      <KeyList />
    </>
  );
}

async function start(): Promise<void> {
  applyTheme();
  listenToPlace();
  listenToKeys();
  const answer = await readApi<SessionView>('session').catch(() => undefined);
  if (answer) session.value = answer.body;
  else signedOut.value = true;
  render(<App />, document.getElementById('app') as HTMLElement);
  if (answer) startLive();
}

void start();
