import { useEffect, useRef, useState } from 'preact/hooks';
import { readApi } from '../api/client.ts';
import { shortSha } from '../format.ts';
import { go } from '../place.ts';
import { Icon } from './icon.tsx';

interface Found {
  readonly agents: readonly { readonly uid: string; readonly host: string; readonly tenant: string }[];
  readonly tenants: readonly string[];
  readonly configs: readonly string[];
  readonly revisions: readonly { readonly sha: string; readonly subject: string }[];
}

const waitMs = 150;

/** Finds an agent, tenant, config or commit by some of its letters. */
export function Find() {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<readonly Hit[]>([]);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (text.trim() === '') return setHits([]);
    const timer = setTimeout(() => {
      readApi<Found>(`find?q=${encodeURIComponent(text)}`)
        .then((answer) => {
          setHits(answer ? listHits(answer.body) : []);
          setActive(0);
        })
        .catch(() => setHits([]));
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  const leave = (to?: string) => {
    setText('');
    setHits([]);
    input.current?.blur();
    if (to !== undefined) go(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return leave();
    const hit = hits[active];
    if (event.key === 'Enter' && hit) return leave(hit.href);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || hits.length === 0) return;
    event.preventDefault();
    setActive((active + step + hits.length) % hits.length);
  };
  return (
    <div class="find">
      <Icon name="search" />
      <input
        ref={input}
        id="find"
        role="combobox"
        enterkeyhint="go"
        aria-label="Find agent, tenant, config, sha"
        aria-expanded={hits.length > 0}
        aria-controls="found"
        aria-activedescendant={hits.length > 0 ? `found-${active}` : undefined}
        autocomplete="off"
        placeholder="Find agent, tenant, sha"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setHits([])}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="found" class="card found" role="listbox" aria-label="Found" hidden={hits.length === 0}>
        {hits.map(({ kind, name, href }, index) => (
          <li
            key={href}
            id={`found-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={() => leave(href)}
          >
            <span class="dim xs">{kind}</span> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly href: string;
}

function listHits({ agents, tenants, configs, revisions }: Found): readonly Hit[] {
  return [
    ...agents.map(({ uid, host, tenant }) => ({
      kind: 'agent',
      name: `${host || uid}, ${tenant}`,
      href: `agents/${uid}`,
    })),
    ...tenants.map((name) => ({ kind: 'tenant', name, href: `t/${name}` })),
    ...configs.map((name) => {
      const [tenant = '', config = ''] = name.split('/');
      return { kind: 'config', name, href: `agents?tenant=${tenant}&config=${config}` };
    }),
    ...revisions.map(({ sha, subject }) => ({ kind: shortSha(sha), name: subject, href: `r/${sha}` })),
  ];
}
