import { isMusterError } from '../model/index.ts';
import { cutMarkdown } from './cut-markdown.ts';
import { hostErrorCodes as codes } from './host-error.ts';
import type { OpenedRevert, RevertPullRequests, RevertRequest } from './revert-pull-requests.ts';

/** The parts of opening a pull request that differ from host to host. */
export interface RevertHost {
  /** Most bytes of UTF-8 in the text of a pull request. */
  readonly maxBytes: number;
  /** The pull request from the request's branch, whatever its state. */
  find(request: RevertRequest, signal: AbortSignal): Promise<Omit<OpenedRevert, 'isNew'> | undefined>;
  create(request: RevertRequest, signal: AbortSignal): Promise<Omit<OpenedRevert, 'isNew'>>;
}

/** Looks before it opens, and again where the host says that there is one or does not see the branch yet. */
export function createOpenOnce(host: RevertHost): RevertPullRequests {
  return {
    async openRevert(request, signal) {
      const standing = await host.find(request, signal);
      if (standing) return { ...standing, isNew: false };
      const fitted: RevertRequest = {
        ...request,
        title: request.title.replace(/\s+/g, ' ').trim().slice(0, maxTitle),
        body: cutMarkdown(request.body, host.maxBytes, request.wholeUrl),
      };
      try {
        return { ...(await host.create(fitted, signal)), isNew: true };
      } catch (error) {
        if (!isMusterError(error, codes.conflict) && !isMusterError(error, codes.rejected)) throw error;
        const other = await host.find(request, signal);
        if (!other) throw error;
        return { ...other, isNew: false };
      }
    },
  };
}

const maxTitle = 250;
