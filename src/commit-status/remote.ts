/** The address that Git clones, taken apart. */
export interface Remote {
  /** Scheme and authority for HTTP; `https://` and the host name for ssh, whose port says nothing about HTTP. */
  readonly origin: string;
  readonly host: string;
  /** With a leading slash, without `.git`. */
  readonly path: string;
}
