/** The content type of plain HTTP messages; replies carry exactly this, as some clients compare the whole header. */
export const protobufType = 'application/x-protobuf';

/** Whether a Content-Type header names it, whatever its case and parameters (C-TR-2). */
export function isProtobuf(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === protobufType;
}

/** Whether an Accept-Encoding header permits gzip (RFC 9110, 12.5.3); its absence does not (C-TR-14). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  let wildcard = 0;
  for (const part of (acceptEncoding ?? '').split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (coding === 'gzip' || coding === 'x-gzip') return quality(parameters) > 0;
    if (coding === '*') wildcard = quality(parameters);
  }
  return wildcard > 0;
}

function quality(parameters: readonly string[]): number {
  const stated = parameters.find((parameter) => parameter.startsWith('q='));
  return stated === undefined ? 1 : Number(stated.slice(2)) || 0;
}
