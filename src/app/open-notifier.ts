import { createDestinations, createNotifier, createPost, type Notifier } from '../notifications/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';

const timeoutMs = 10_000;

/** The notifier that the settings ask for; without destinations it tells nobody. */
export function openNotifier(
  { notify, publicUrl, instance }: Pick<ServiceSettings, 'notify' | 'publicUrl' | 'instance'>,
  {
    clock,
    logger,
    random,
  }: { readonly clock: Clock; readonly logger: Logger; readonly random: () => number },
): Notifier {
  const { quietMs, allowPrivate, ...urls } = notify;
  return createNotifier(
    {
      destinations: createDestinations(urls),
      quietMs,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(instance !== undefined && { instance }),
    },
    {
      ...{ clock, random },
      logger: logger.child({ part: 'notifications' }),
      post: createPost({ timeoutMs, allowPrivate }),
    },
  );
}
