/** One request to a host's API. */
export interface HostRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the API's base, with a leading slash; encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** The `ETag` of what is known already: the answer may then be that it has not changed. */
  readonly knownAs?: string;
}

/** A granted request's answer. */
export interface HostAnswer {
  readonly headers: Headers;
  /** The decoded JSON; undefined for an empty body. */
  readonly body: unknown;
  /** The address that answered. */
  readonly url: URL;
  /** Whether the host says that what is known by `knownAs` still holds; the body is empty then. */
  readonly unchanged: boolean;
}
