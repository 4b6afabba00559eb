import { hostErrorCodes as codes, type HostErrorCode } from './host-error.ts';
import { isSpent } from './retry-after.ts';

/** The parts of an answer that its meaning depends on. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of the body, as text. */
  readonly text: string;
}

/** The code of a refused request (`status` outside 200 to 299, or an answer that is no JSON where some was due). */
export function classifyAnswer(answer: Answer): HostErrorCode {
  const { status } = answer;
  if (status === 203 || (status >= 200 && status < 300)) return codes.unauthorized;
  if (status >= 300 && status < 400)
    return status === 302 || status === 303 ? codes.unauthorized : codes.redirected;
  if (status >= 500) return [502, 503, 504].includes(status) ? codes.unreachable : codes.hostFault;
  switch (status) {
    case 400:
      return classifyBadRequest(answer);
    case 401:
      return isAnonymous(answer) ? codes.unreachable : codes.unauthorized;
    case 403:
      return isThrottled(answer) ? codes.throttled : codes.forbidden;
    case 404:
      return codes.notFound;
    case 408:
    case 425:
      return codes.unreachable;
    case 409:
      return codes.conflict;
    case 410:
      return codes.forbidden;
    case 429:
      return codes.throttled;
    case 422:
      return classifyValidation(answer);
    default:
      return codes.rejected;
  }
}

/** GitHub answers 401 with the anonymous rate limit when its own sign-in is out of order. */
function isAnonymous({ headers }: Answer): boolean {
  return headers.get('x-ratelimit-limit') === '60';
}

function isThrottled({ headers, text }: Answer): boolean {
  return isSpent(headers) || headers.has('retry-after') || /secondary rate limit|abuse detection/i.test(text);
}

/** GitLab may not see a branch for a moment after its push. */
function classifyBadRequest({ text }: Answer): HostErrorCode {
  if (/Cannot transition status via/i.test(text)) return codes.sameState;
  return /source_branch\b.*does not exist/is.test(text) ? codes.conflict : codes.rejected;
}

function classifyValidation({ text }: Answer): HostErrorCode {
  if (/No commit found for SHA/i.test(text)) return codes.notFound;
  if (/maximum number of statuses|has reached the maximum|too many|exceeded/i.test(text)) return codes.full;
  return codes.rejected;
}
