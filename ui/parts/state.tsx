import { Icon } from './icon.tsx';
import type { Look } from './looks.ts';

/** A state as icon and word. */
export function StateWord({ look, small = false }: { look: Look; small?: boolean }) {
  return (
    <span class={`st ${look.tone}${small ? ' sm' : ''}`}>
      <Icon name={look.icon} />
      {look.word}
    </span>
  );
}

/** A state as a pill. */
export function StatePill({ look }: { look: Look }) {
  return (
    <span class={`pill ${look.tone}`}>
      <Icon name={look.icon} />
      {look.word}
    </span>
  );
}
