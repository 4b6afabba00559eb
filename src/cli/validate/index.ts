export { checkAgainstInventory } from './check-against-inventory.ts';
export { type ValidatedTree, type ValidateTreeOptions, validateWorkTree } from './validate-work-tree.ts';
