/** Facts by keys that name the content they follow from; a `Map` is one. */
export interface FactTable<Fact> {
  get(key: string): Fact | undefined;
  set(key: string, fact: Fact): void;
}
