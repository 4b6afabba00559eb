/**
 * `@peculiar/x509` registers its algorithms with tsyringe, which refuses to load without the two readers of the
 * Reflect Metadata proposal. Nothing in it declares metadata, so readers that find none are all that it needs.
 */
const readers = { getMetadata: findNothing, getOwnMetadata: findNothing };

for (const [name, value] of Object.entries(readers))
  if (!(name in Reflect)) Object.defineProperty(Reflect, name, { value, configurable: true, writable: true });

function findNothing(): undefined {
  return undefined;
}
