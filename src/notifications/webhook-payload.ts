import type { Notice } from './notice.ts';

/** The body of a signed webhook (Standard Webhooks 1.0, "Payload structure"). */
export function composeWebhookPayload(notice: Notice): object {
  const { kind, at, title, text, tenant, config, sha, uid, instance, url, repeats } = notice;
  return {
    type: kind,
    timestamp: new Date(at).toISOString(),
    data: {
      ...{ title, text },
      ...(tenant !== undefined && { tenant }),
      ...(config !== undefined && { config }),
      ...(sha !== undefined && { revision: sha }),
      ...(uid !== undefined && { agent: uid }),
      ...(instance !== undefined && { instance }),
      ...(url !== undefined && { url }),
      repeats,
    },
  };
}
