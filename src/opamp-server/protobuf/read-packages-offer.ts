import type { AvailablePackage, PackagesOffer } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readHeaders } from './read-headers.ts';
import { readBytes, readNested, readText, type Scope } from './reader.ts';
import { downloadableFile, keyValue, packageAvailable, packagesAvailable, packageTypes } from './tags.ts';

type Fields = { -readonly [K in keyof AvailablePackage]: AvailablePackage[K] } & {
  readonly headers: (readonly [string, string])[];
};

/** PackagesAvailable at the reader's position, as a client keeps it; cut at the entry limit. */
export function readPackagesOffer(scope: Scope): PackagesOffer {
  const packages = new Map<string, AvailablePackage>();
  let hash = '';
  readNested(scope, 1, (tag) => {
    if (tag === packagesAvailable.hash) hash = readHash(scope);
    else if (tag === packagesAvailable.packages && packages.size < messageLimits.entries)
      packages.set(...readEntry(scope));
    else return false;
    return true;
  });
  return { hash, packages };
}

function readEntry(scope: Scope): [name: string, available: AvailablePackage] {
  let name = '';
  const fields: Fields = {
    type: 'agent',
    version: '',
    downloadUrl: '',
    contentSha256: '',
    headers: [],
    hash: '',
  };
  readNested(scope, 2, (tag) => {
    if (tag === keyValue.key) name = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) readNested(scope, 3, (inner) => readField(scope, inner, fields));
    else return false;
    return true;
  });
  return [name, fields];
}

function readField(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case packageAvailable.type:
      fields.type = packageTypes[scope.reader.int32()] ?? 'agent';
      return true;
    case packageAvailable.version:
      fields.version = readText(scope);
      return true;
    case packageAvailable.file:
      readNested(scope, 4, (inner) => readFile(scope, inner, fields));
      return true;
    case packageAvailable.hash:
      fields.hash = readHash(scope);
      return true;
    default:
      return false;
  }
}

function readFile(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case downloadableFile.url:
      fields.downloadUrl = readText(scope);
      return true;
    case downloadableFile.contentHash:
      fields.contentSha256 = readHash(scope);
      return true;
    case downloadableFile.signature:
      fields.signature = Buffer.from(readBytes(scope)).toString('base64');
      return true;
    case downloadableFile.headers:
      return readHeaders(scope, 5, fields.headers);
    default:
      return false;
  }
}

function readHash(scope: Scope): string {
  return Buffer.from(readBytes(scope, messageLimits.opaqueBytes)).toString('hex');
}
