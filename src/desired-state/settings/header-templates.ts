import type {
  ConnectionManifest,
  DestinationTemplate,
  HeaderTemplate,
  OpampTemplate,
} from '../../model/index.ts';

/** Every header of a Connection that the server has to fill in, those of proxies included. */
export function listHeaderTemplates({
  ownTelemetry,
  opamp,
  other,
}: ConnectionManifest): readonly HeaderTemplate[] {
  const own = ownTelemetry ? [ownTelemetry.metrics, ownTelemetry.traces, ownTelemetry.logs] : [];
  return [...own, ...(opamp ? [opamp] : []), ...other.values()].flatMap(headersOf);
}

/** The headers of one destination and of its proxy. */
export function headersOf({
  headers,
  proxy,
}: DestinationTemplate | OpampTemplate): readonly HeaderTemplate[] {
  return [...headers, ...(proxy?.headers ?? [])];
}
