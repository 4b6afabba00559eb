import type { FleetEvent } from '../model/index.ts';

/** What people are told of; the names are those of the events in signed webhooks. */
export type NoticeKind =
  | 'rollout.failed'
  | 'rollout.rolled_back'
  | 'agent.wrong_config'
  | 'source.stalled'
  | 'source.recovered';

/** One thing worth telling; holds no config value and no agent's own words. */
export interface Notice {
  readonly kind: NoticeKind;
  /** What it is about: notices of one subject are told together. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly tenant?: string;
  readonly config?: string;
  readonly sha?: string;
  readonly uid?: string;
  /** The server's own name, where several watch one repo. */
  readonly instance?: string;
  /** The page about it. */
  readonly url?: string;
  /** Further events on the subject since the last message. */
  readonly repeats: number;
}

export interface NoticeContext {
  readonly publicUrl?: string;
  readonly instance?: string;
}

const kinds: Readonly<Record<string, NoticeKind>> = {
  'rollout-failed': 'rollout.failed',
  'rollout-rolled-back': 'rollout.rolled_back',
  'wrong-config': 'agent.wrong_config',
  'source-stalled': 'source.stalled',
  'source-recovered': 'source.recovered',
};

/** The notice that an event is worth; undefined where it is worth none. */
export function composeNotice(event: FleetEvent, context: NoticeContext): Notice | undefined {
  const kind = kinds[event.kind];
  if (kind === undefined) return undefined;
  const { tenant, config, sha, uid, at } = event;
  const url = pageUrl(context.publicUrl, kind, event);
  return {
    ...{ kind, at, repeats: 0 },
    ...words(kind, event),
    ...(tenant !== undefined && { tenant }),
    ...(config !== undefined && { config }),
    ...(sha !== undefined && { sha }),
    ...(uid !== undefined && { uid }),
    ...(context.instance !== undefined && { instance: context.instance }),
    ...(url !== undefined && { url }),
  };
}

/** The text with how much else there was. */
export function textOf({ text, repeats }: Notice): string {
  return repeats > 0 ? `${text} And ${repeats} more since the last message.` : text;
}

/** Names and values that a message lists under its text. */
export function factsOf(notice: Notice): readonly (readonly [name: string, value: string])[] {
  const facts: [string, string | undefined][] = [
    ['Tenant', notice.tenant],
    ['Config', notice.config],
    ['Revision', notice.sha?.slice(0, 7)],
    ['Agent', notice.uid],
    ['Server', notice.instance],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function words(kind: NoticeKind, event: FleetEvent): Pick<Notice, 'subject' | 'title' | 'text'> {
  const { tenant = '', config = '', sha = '' } = event;
  const unit = plain(`${tenant}/${config}`);
  switch (kind) {
    case 'rollout.failed':
      return {
        subject: `rollout/${unit}/${sha}`,
        title: `Rollout failed: ${unit}`,
        text: `${plain(event.message)}. Nothing more is offered until somebody decides.`,
      };
    case 'rollout.rolled_back':
      return {
        subject: `rollout/${unit}/${sha}`,
        title: `Rolled back: ${unit}`,
        text: `${plain(event.message)}. Agents go back to the last good config.`,
      };
    case 'agent.wrong_config':
      // What the agent says of it may quote config values.
      return {
        subject: `wrong-config/${plain(tenant)}`,
        title: `Wrong config: ${plain(tenant)}`,
        text: 'An agent says that it is healthy, and runs something else than it should.',
      };
    case 'source.stalled':
      return { subject: 'source', title: 'The fleet repo is not followed', text: `${plain(event.message)}.` };
    case 'source.recovered':
      return {
        subject: 'source',
        title: 'The fleet repo is followed again',
        text: `${plain(event.message)}.`,
      };
  }
}

const maxText = 300;

/** One line of printable ASCII. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .slice(0, maxText);
}

function pageUrl(base: string | undefined, kind: NoticeKind, event: FleetEvent): string | undefined {
  if (base === undefined || !/^https?:\/\//.test(base)) return undefined;
  return base.replace(/\/+$/, '') + pathOf(kind, event);
}

function pathOf(kind: NoticeKind, { tenant, sha, uid }: FleetEvent): string {
  if (kind === 'agent.wrong_config') return uid === undefined ? '/' : `/agents/${encodeURIComponent(uid)}`;
  if (sha === undefined) return '/';
  return tenant === undefined ? `/r/${sha}` : `/r/${sha}/t/${encodeURIComponent(tenant)}`;
}
