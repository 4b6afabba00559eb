import type { Page } from '../model/index.ts';
import type { ApiClient } from './api-client.ts';

const pageSize = '1000';
const maxPages = 1_000;

/** Every item of a list of the API, page by page; or of its first pages of 1,000. */
export async function fetchAll<Item>(
  client: ApiClient,
  list: string,
  filter: Readonly<Record<string, string>> = {},
  pages = maxPages,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const query = new URLSearchParams({ limit: pageSize, ...filter, ...(cursor !== null && { cursor }) });
    const answer: Page<Item> = await client.get(`${list}?${query}`);
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return items;
}
