import { formatCount } from '../format.ts';

const shownWhole = 300;

/** What others wrote, of whatever length: past 300 characters the rest is folded away. */
export function LongText({ text }: { text: string }) {
  if (text.length <= shownWhole) return <>{text}</>;
  return (
    <details class="long">
      <summary>
        {text.slice(0, shownWhole)}
        <span class="dim">… {formatCount(text.length - shownWhole)} more characters</span>
      </summary>
      {text.slice(shownWhole)}
    </details>
  );
}
