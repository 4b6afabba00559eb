import { Head, ReloadButton } from '../parts/layout.tsx';

/** The code of a view did not come: the server is away, or has been updated since the page was read. */
export function Unreadable() {
  return (
    <>
      <Head title="This view could not be read" lede="The server is away, or was updated since." />
      <p>
        <ReloadButton />
      </p>
    </>
  );
}
