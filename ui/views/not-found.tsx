import { Head } from '../parts/layout.tsx';

/** An address that is none of the page's. */
export function NotFound() {
  return (
    <Head
      title="No such page"
      lede={
        <>
          Start from the <a href="./">overview</a>.
        </>
      }
    />
  );
}
