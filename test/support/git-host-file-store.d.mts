import type { OutboxStore } from '../../src/commit-status/index.ts';

export function openFileOutboxStore(directory: string): Promise<OutboxStore>;
