/** One slice of a bar. */
export interface Slice {
  readonly tone: string;
  readonly count: number;
}

/** A stacked bar: textures and gaps, never hue alone. What it says is said in words beside it. */
export function Bar({ slices }: { slices: readonly Slice[] }) {
  const shown = slices.filter(({ count }) => count > 0);
  return (
    <div class="bar" aria-hidden="true">
      {shown.length === 0 ? <i class="todo grow" /> : null}
      {shown.map(({ tone, count }, index) => (
        <i
          key={`${tone}${index}`}
          class={tone}
          style={{ flexGrow: String(count), flexShrink: '1', flexBasis: '0' }}
        />
      ))}
    </div>
  );
}
