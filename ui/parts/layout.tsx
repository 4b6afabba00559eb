import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Query, refreshAll } from '../api/query.ts';
import { shaOf, shortSha } from '../format.ts';
import { arriving } from '../place.ts';
import { fileLink } from './git-links.ts';
import { Icon } from './icon.tsx';
import { clockWithZone } from './zone.ts';

/** A bordered part of a view under its heading. */
export function Card({
  title,
  note,
  end,
  footer,
  class: kind = '',
  children,
}: {
  title: string;
  note?: ComponentChildren;
  end?: ComponentChildren;
  footer?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const id = `h-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return (
    <section class={`card ${kind}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span class="dim sm">{note}</span>}
        {end !== undefined && <span class="end">{end}</span>}
      </header>
      {children}
      {footer !== undefined && <footer>{footer}</footer>}
    </section>
  );
}

/** The head of a view: where it is, its title, one sentence, and what can be done. */
export function Head({
  crumbs = [],
  title,
  after,
  lede,
  actions,
}: {
  crumbs?: readonly (readonly [string, string])[];
  title: string;
  after?: ComponentChildren;
  lede?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · Muster`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!arriving.peek()) return;
    arriving.value = false;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="head">
      <div class="ttl">
        {crumbs.length > 0 && (
          <nav class="crumb" aria-label="Breadcrumb">
            {crumbs.map(([name, href], index) => (
              <span key={href}>
                {index > 0 && <span aria-hidden="true">/ </span>}
                <a class="q" href={href}>
                  {name}
                </a>
              </span>
            ))}
          </nav>
        )}
        <h1 ref={heading} tabIndex={-1}>
          <span>{title}</span>
          {after}
        </h1>
        {lede !== undefined && <p class="mut">{lede}</p>}
      </div>
      {actions !== undefined && <div class="act">{actions}</div>}
    </div>
  );
}

/** A commit by its first characters, as a link to what it did. */
export function Sha({ revision, branch }: { revision: string; branch?: string }) {
  return (
    <a class="m q2" href={`r/${shaOf(revision)}`} title={shaOf(revision)}>
      {branch === undefined ? '' : `${branch}@`}
      {shortSha(revision)}
    </a>
  );
}

/** A file and its line in the fleet repo, as a link to the Git host where that is known; `sha` is the commit that has it. */
export function FilePlace({
  at,
  sha,
}: {
  at: { readonly file: string; readonly line: number; readonly column?: number };
  sha?: string;
}) {
  const href = fileLink(at, sha);
  const text = `${at.file}:${at.line}${at.column === undefined ? '' : `:${at.column}`}`;
  return <code class="path">{href === undefined ? text : <OutLink href={href}>{text}</OutLink>}</code>;
}

/** A link to the Git host. */
export function OutLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="q2" href={href} target="_blank" rel="noreferrer">
      {children}
      <span class="sr">, on the Git host</span>
    </a>
  );
}

/** One sentence where there is nothing, and what to do next. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty mut">{children}</p>;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <button class="btn small" type="button" onClick={copy}>
      <Icon name="copy" />
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}

/** What a view shows of an answer: grey blocks while it loads, the fault and the last data where it failed. */
export function Answer<Body>({
  of: { data, error, at },
  children,
}: {
  of: Query<Body>;
  children: (data: Body) => ComponentChildren;
}) {
  if (error && data === undefined)
    return (
      <div class="card fault" role="alert">
        <h1 tabIndex={-1}>{error.message}</h1>
        {error.detail !== '' && <p class="mut">{error.detail}</p>}
        {error.status !== 404 && <Retry />}
        {error.status === 404 && <p class="mut">It may be gone, or belong to another tenant.</p>}
      </div>
    );
  if (data === undefined) return <Loading />;
  return (
    <>
      {error && (
        <p class="card stale" role="status">
          <Icon name="error" tone="warn" />
          <span>
            {error.message}. Shown as of {clockWithZone(at)}.
          </span>
          <Retry />
        </p>
      )}
      {children(data)}
    </>
  );
}

function Retry() {
  return (
    <button class="btn" type="button" onClick={refreshAll}>
      Retry
    </button>
  );
}

/** Reads the page itself anew. */
export function ReloadButton() {
  return (
    <button class="btn small" type="button" onClick={() => location.reload()}>
      Reload
    </button>
  );
}

function Loading() {
  return (
    <div class="loading stack" aria-busy="true" aria-label="Loading" role="status">
      <div class="ghost g1" />
      <div class="ghost g2" />
      <div class="ghost g3" />
    </div>
  );
}
