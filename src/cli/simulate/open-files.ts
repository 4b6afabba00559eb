import { MusterError } from '../../model/index.ts';

/** What a process opens besides its connections. */
const ownFiles = 60;

/** How many files this process may open; undefined where the system sets no limit or does not tell. */
export function readOpenFileLimit(): number | undefined {
  const { report } = process;
  // Looking up the names of peers can take seconds, and nobody reads them.
  Object.assign(report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
  };
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : undefined;
}

/** Throws `USAGE` where each of `agents` cannot have a connection of its own within `limit` open files. */
export function checkOpenFiles(agents: number, limit: number | undefined): void {
  const most = limit === undefined ? agents : limit - ownFiles;
  if (agents <= most) return;
  throw new MusterError(
    'USAGE',
    `${agents} agents need ${agents + ownFiles} open files, and this process may have ${limit}`,
    {
      disposition: 'stalled',
      hint: `Raise the limit (ulimit -n ${agents + ownFiles}; LimitNOFILE= in a systemd unit; --ulimit nofile= for a container), or start several processes with at most ${Math.max(0, most)} agents each`,
    },
  );
}
