/** What one message may hold at most; whatever is past a limit is cut, and past `recursion` the message is refused. */
export const messageLimits = {
  /** Entries of one attribute list, map or array. */
  entries: 256,
  /** Values, components and files of one message taken together. */
  nodes: 8192,
  /** Levels of nested attribute values and of the health tree that are kept. */
  depth: 16,
  /** Levels of nesting that are read at all, as in other protobuf implementations. */
  recursion: 100,
  /** Characters of a key or a component's name. */
  keyCharacters: 256,
  /** Characters of any other text. */
  textCharacters: 4096,
  /** Characters of certificates in PEM, and of header values. */
  pemCharacters: 256 * 1024,
  /** Bytes of a hash or an attribute of type bytes. */
  opaqueBytes: 4096,
  /** Bytes of a certificate request: several times the largest key's. */
  csrBytes: 64 * 1024,
} as const;
