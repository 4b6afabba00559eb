export interface Operation {
  readonly key: string;
  readonly uid: string;
  readonly value: { readonly n: number; readonly text: string } | undefined;
}
export function seeded(seed: number, n: number): number;
export function operation(seed: number, n: number): Operation;
export function outboxAfter(seed: number, count: number): { readonly key: string; readonly value: unknown }[];
