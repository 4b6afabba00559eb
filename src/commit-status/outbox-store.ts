/** One durable item; `value` is plain JSON. */
export interface StoredItem {
  readonly key: string;
  readonly value: unknown;
}

/** Where the outbox keeps what it still owes and what it has sent. `put` resolves once the item survives a crash. */
export interface OutboxStore {
  load(): Promise<readonly StoredItem[]>;
  put(item: StoredItem): Promise<void>;
  delete(key: string): Promise<void>;
}
