import sprite from '../sprite.svg';

/** One of our own icons; what it means is said by the word beside it, or by `label`. */
export function Icon({ name, tone = '', label }: { name: string; tone?: string; label?: string }) {
  const said = label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return (
    <svg class={`i ${tone}`} {...said}>
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
