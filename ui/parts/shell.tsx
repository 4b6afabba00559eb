import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FleetSummary } from '../../src/model/index.ts';
import { writeApi } from '../api/client.ts';
import { heardAt, liveState, servedBy, stale } from '../api/live.ts';
import { useQuery } from '../api/query.ts';
import { route } from '../place.ts';
import type { ViewName } from '../router.ts';
import { Announcer } from './announce.tsx';
import { Find } from './find.tsx';
import { repoPlace } from './git-links.ts';
import { Icon } from './icon.tsx';
import { ReloadButton } from './layout.tsx';
import { session } from './session.ts';
import { chooseTheme, theme } from './theme.ts';
import { chooseZone, clock, clockWithZone, zone } from './zone.ts';

const views: readonly (readonly [string, string, readonly ViewName[]])[] = [
  ['Overview', './', ['overview']],
  ['Tenants', 'tenants', ['tenants', 'tenant', 'config']],
  ['Agents', 'agents', ['agents', 'agent']],
  ['Rollouts', 'rollouts', ['rollouts', 'rollout']],
  ['Revisions', 'revisions', ['revisions', 'revision', 'plan']],
  ['Problems', 'problems', ['problems']],
  ['Events', 'events', ['events']],
];

/** The frame of every view: where one can go, whether the data is live, and what is wrong with the server itself. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { data: fleet } = useQuery<FleetSummary>('fleet');
  useEffect(() => {
    if (fleet) repoPlace.value = { links: fleet.repo.links, head: fleet.revision?.sha ?? null };
  }, [fleet]);
  const [open, setOpen] = useState(false);
  const errors = fleet?.problems.errors ?? 0;
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <div>
          <a class="brand" href="./">
            <Icon name="logo" />
            <span>Muster</span>
          </a>
          <nav class={`nav${open ? ' open' : ''}`} id="nav" aria-label="Main" onClick={() => setOpen(false)}>
            {views.map(([name, href, own]) => (
              <a key={href} href={href} aria-current={own.includes(route.value.view) ? 'page' : undefined}>
                {name}
                {name === 'Problems' && errors > 0 && (
                  <span class="c">
                    {errors}
                    <span class="sr"> errors</span>
                  </span>
                )}
              </a>
            ))}
          </nav>
          <div class="end">
            <Find />
            <LiveMark />
            <SessionMenu />
            <button
              class="btn menu"
              type="button"
              aria-expanded={open}
              aria-controls="nav"
              onClick={() => setOpen(!open)}
            >
              Menu
            </button>
          </div>
        </div>
      </header>
      <Banner fleet={fleet} />
      <main id="main" class={stale.value ? 'stack old' : 'stack'} tabIndex={-1}>
        {children}
      </main>
      <Announcer />
    </>
  );
}

function LiveMark() {
  const at = clock(heardAt.value);
  const [tone, icon, text] = {
    live: ['ok', 'connected', 'Live'],
    polling: ['ok', 'connected', 'Every 10 s'],
    connecting: ['none', 'connected', 'Connecting'],
    reconnecting: ['warn', 'offline', `Reconnecting, data of ${at}`],
    paused: ['none', 'pause', 'Paused'],
    off: ['none', 'offline', 'Live is off'],
  }[liveState.value] as [string, string, string];
  return (
    <span class="live">
      <Icon name={icon} tone={tone} />
      <span>{text}</span>
    </span>
  );
}

function SessionMenu() {
  const own = session.value;
  const signOut = async () => {
    await writeApi('DELETE', 'session');
    location.assign(new URL('sign-in', document.baseURI));
  };
  return (
    <details class="session">
      <summary class="btn small">{own ? own.role : 'Session'}</summary>
      <div class="card">
        {own && (
          <p class="sm mut">
            {own.loopback ? 'This computer' : own.name}, {own.role}
            {own.tenant === null ? '' : ` of ${own.tenant}`}. Muster {own.version}
            {own.server === null ? '' : ` ${own.server}`}.
          </p>
        )}
        <fieldset>
          <legend class="sm">Theme</legend>
          {(['system', 'light', 'dark'] as const).map((name) => (
            <label key={name} class="chk">
              <input
                type="radio"
                name="theme"
                checked={theme.value === name}
                onChange={() => chooseTheme(name)}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend class="dim sm">Times</legend>
          {(['UTC', 'local'] as const).map((name) => (
            <label key={name} class="sm">
              <input
                type="radio"
                name="zone"
                checked={zone.value === name}
                onChange={() => chooseZone(name)}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
        <p class="sm dim">Press ? for keys.</p>
        {own && !own.loopback && (
          <button class="btn" type="button" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </div>
    </details>
  );
}

/** What is wrong with the server itself: on every view, and not to be dismissed. */
function Banner({ fleet }: { fleet: FleetSummary | undefined }) {
  const texts = stale.value
    ? [`Nothing was heard from the server since ${clockWithZone(heardAt.value)}: what is shown is of then.`]
    : faultsOf(fleet);
  const own = session.value?.version;
  const updated = servedBy.value !== undefined && own !== undefined && servedBy.value !== own;
  if (texts.length === 0 && !updated) return null;
  return (
    <div class="banner" role="status">
      {texts.map((text) => (
        <p key={text}>
          <Icon name="error" />
          {text}
        </p>
      ))}
      {updated && (
        <p>
          <Icon name="sync" />
          The server runs {servedBy.value} now, and this page is of {own}. <ReloadButton />
        </p>
      )}
    </div>
  );
}

function faultsOf(fleet: FleetSummary | undefined): readonly string[] {
  if (!fleet) return [];
  const { poll, store, stopped, revision } = fleet;
  const { failingSince, error } = poll as {
    failingSince?: number;
    error?: { message: string; hint: string };
  };
  const { status } = store as { status?: string };
  return [
    ...(failingSince === undefined
      ? []
      : [
          `Git cannot be read since ${clockWithZone(failingSince)}: ${error?.message ?? 'unknown'}. What was last good stays in force.`,
        ]),
    ...(stopped === null ? [] : [`Offers are stopped: ${stopped}`]),
    ...(status === undefined || status === 'ok'
      ? []
      : [`The store is ${status}: the history may have gaps.`]),
    ...(revision === null ? ['No revision has been loaded yet.'] : []),
  ];
}
