import { addrFields } from '../blocks/net.ts';
import { enabledByName, scraperFields } from '../blocks/scraper.ts';
import { tlsClient } from '../blocks/tls.ts';
import { settings, text } from '../shape.ts';

/** Settings of the redis receiver. */
export const redisReceiver = settings({
  ...addrFields,
  ...scraperFields,
  metrics: enabledByName,
  password: text,
  resource_attributes: enabledByName,
  tls: tlsClient,
  username: text,
});
