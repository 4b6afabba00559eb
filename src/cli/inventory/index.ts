export { decodeInventory } from './decode-inventory.ts';
export { type AgentFilterOptions, fetchAgents, fetchInventory, type Inventory } from './fetch-inventory.ts';
export { type InventoryEntry, nameOf } from './inventory.ts';
export { type InventoryOptions, readInventory } from './read-inventory.ts';
