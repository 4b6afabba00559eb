/** What a rollout is of. */
export type UnitKind = 'config' | 'package';

/** The AgentConfig or Package of one tenant. */
export interface UnitName {
  readonly kind: UnitKind;
  readonly tenant: string;
  readonly name: string;
}

/** The id of a rollout: `<tenant>/<config>`, or `<tenant>/package/<name>`. */
export function unitId(unit: UnitName): string {
  return `${unit.tenant}/${unitKey(unit)}`;
}

/** The name of a rollout among those of its tenant. */
export function unitKey({ kind, name }: Pick<UnitName, 'kind' | 'name'>): string {
  return kind === 'config' ? name : `package/${name}`;
}

/** What `unitId` made an id of. */
export function parseUnitId(id: string): UnitName {
  const [tenant = '', first = '', second] = id.split('/', 3);
  return second === undefined
    ? { kind: 'config', tenant, name: first }
    : { kind: 'package', tenant, name: second };
}
