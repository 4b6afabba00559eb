import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, writeApi } from '../api/client.ts';
import { stale } from '../api/live.ts';
import { refreshAll } from '../api/query.ts';
import { announce } from './announce.tsx';
import { Icon } from './icon.tsx';
import { session } from './session.ts';

const minReason = 3;
const maxReason = 140;

/** A button that asks what it should: who may not use it sees why. */
export function ActButton({
  icon,
  label,
  danger = false,
  path,
  revision,
  done,
  why,
  children,
}: {
  icon: string;
  label: string;
  danger?: boolean;
  /** Where it is posted. */
  path: string;
  /** The commit that is shown: the act is refused where it is another by now. */
  revision?: string;
  /** What is said when the server took it. */
  done: string;
  /** Why it cannot be used now; null where it can. */
  why?: string | null;
  /** What will happen, in the dialog; without it nothing is asked. */
  children?: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  // What was shown when it was asked, whatever comes meanwhile; after a refusal, what is shown now.
  const [looked, setLooked] = useState(revision);
  const viewer = session.value?.role === 'viewer' ? 'Needs the operator role.' : null;
  const blocked = why ?? viewer ?? (stale.value ? 'The server is not heard just now.' : null);
  const run = async (reason: string) => {
    setBusy(true);
    setFault('');
    try {
      await writeApi('POST', path, { reason, revision: looked ?? revision });
      setOpen(false);
      announce(done);
      refreshAll();
    } catch (error) {
      const text = error instanceof ApiError ? `${error.message}. ${error.detail}` : String(error);
      setFault(text);
      announce(text);
      if (error instanceof ApiError && error.status === 409) {
        setLooked(undefined);
        refreshAll();
      }
    } finally {
      setBusy(false);
    }
  };
  const press = () => {
    if (blocked !== null || busy) return;
    setLooked(revision);
    if (children === undefined) void run('');
    else setOpen(true);
  };
  return (
    <>
      <button
        class={`btn${danger ? ' d' : ''}`}
        type="button"
        aria-disabled={blocked !== null || busy}
        title={blocked ?? undefined}
        onClick={press}
      >
        <Icon name={icon} />
        {label}
      </button>
      {fault !== '' && !open && <span class="bad sm">{fault}</span>}
      {open && (
        <ReasonDialog
          {...{ label, danger, busy, fault }}
          onClose={() => setOpen(false)}
          onSubmit={(reason) => void run(reason)}
        >
          {children}
        </ReasonDialog>
      )}
    </>
  );
}

function ReasonDialog({
  label,
  danger,
  busy,
  fault,
  onClose,
  onSubmit,
  children,
}: {
  label: string;
  danger: boolean;
  busy: boolean;
  fault: string;
  onClose: () => void;
  onSubmit: (reason: string) => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const title = label.replace(/…$/, '');
  const ready = reason.trim().length >= minReason && !busy;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="dialog-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onSubmit(reason.trim());
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        <div class="mut">{children}</div>
        <label>
          Reason
          <input
            name="reason"
            required
            minLength={minReason}
            maxLength={maxReason}
            autocomplete="off"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <span class="dim xs">3 to 140 characters; it is kept with your name in Events.</span>
        </label>
        {fault !== '' && (
          <p class="bad sm" role="alert">
            {fault}
          </p>
        )}
        <div class="act">
          <button class="btn" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button class={`btn ${danger ? 'd' : 'p'}`} type="submit" aria-disabled={!ready}>
            {title}
          </button>
        </div>
      </form>
    </dialog>
  );
}
