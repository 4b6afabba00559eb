import { signal } from '@preact/signals';

const said = signal('');

/** Says something once to who cannot see it. */
export function announce(text: string): void {
  said.value = text;
}

/** The page's one live region. */
export function Announcer() {
  return (
    <div class="sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}
