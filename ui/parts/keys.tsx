import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { go, route } from '../place.ts';

const places: Readonly<Record<string, string>> = {
  o: './',
  t: 'tenants',
  a: 'agents',
  r: 'rollouts',
  v: 'revisions',
  p: 'problems',
  e: 'events',
};
const parents: Readonly<Record<string, string>> = {
  tenant: 'tenants',
  agent: 'agents',
  rollout: 'rollouts',
  revision: 'revisions',
  plan: 'revisions',
};
const keys: readonly (readonly [string, string])[] = [
  ['/', 'find'],
  ['g then o t a r v p e', 'Overview, Tenants, Agents, Rollouts, Revisions, Problems, Events'],
  ['j k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['u', 'up one level'],
  ['[ ]', 'previous and next difference'],
  ['?', 'this list'],
  ['Esc', 'close'],
];

const shown = signal(false);
const enabled = signal(sessionStorage.getItem('keys') !== 'off');
let afterG = false;

/** Listens to the keys that need no modifier; they rest while somebody types, and can be turned off. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !enabled.value) return;
    if (/^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector('dialog[open]')) return;
    if (press(event.key)) event.preventDefault();
  });
}

function press(key: string): boolean {
  const place = places[key];
  if (afterG && place !== undefined) {
    afterG = false;
    go(place);
    return true;
  }
  afterG = key === 'g';
  switch (key) {
    case '/':
      document.getElementById('find')?.focus();
      return true;
    case '?':
      shown.value = true;
      return true;
    case 'u': {
      const parent = parents[route.value.view];
      if (parent !== undefined) go(parent);
      return parent !== undefined;
    }
    case 'j':
      return step('a.row', 1);
    case 'k':
      return step('a.row', -1);
    case ']':
      return step('.ln.add, .ln.del', 1);
    case '[':
      return step('.ln.add, .ln.del', -1);
    default:
      return false;
  }
}

/** Moves the focus among what the view shows of a kind. */
function step(selector: string, by: 1 | -1): boolean {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  if (all.length === 0) return false;
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next?.tagName !== 'A') next?.setAttribute('tabindex', '-1');
  next?.focus();
  return true;
}

/** The list of keys, and the switch that turns them off. */
export function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = shown.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  if (!open) return null;
  const close = () => {
    shown.value = false;
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">Keys</h2>
      <dl class="kv">
        {keys.map(([name, does]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="chk">
        <input
          type="checkbox"
          checked={enabled.value}
          onChange={(event) => {
            enabled.value = event.currentTarget.checked;
            sessionStorage.setItem('keys', enabled.value ? 'on' : 'off');
          }}
        />{' '}
        Single keys work
      </label>
      <div class="act">
        <button class="btn" type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
