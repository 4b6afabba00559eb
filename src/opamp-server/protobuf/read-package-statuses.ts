import type { PackageStatus, PackageStatuses } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readBytes, readNested, readText, type Scope, takeNode } from './reader.ts';
import { downloadDetails, keyValue, packageStates, packageStatuses, packageStatus as tags } from './tags.ts';

type Fields = { -readonly [K in keyof PackageStatus]: PackageStatus[K] };

/** PackageStatuses at the reader's position, cut at the entry limit; a package is known by its name in the map. */
export function readPackageStatuses(scope: Scope): PackageStatuses {
  const packages = new Map<string, PackageStatus>();
  let offeredHash = '';
  let errorMessage = '';
  readNested(scope, 1, (tag) => {
    if (tag === packageStatuses.packages) return readEntry(scope, packages);
    if (tag === packageStatuses.offeredHash) offeredHash = readHash(scope);
    else if (tag === packageStatuses.errorMessage) errorMessage = readText(scope);
    else return false;
    return true;
  });
  return { packages, offeredHash, errorMessage };
}

function readEntry(scope: Scope, into: Map<string, PackageStatus>): boolean {
  if (into.size >= messageLimits.entries || !takeNode(scope)) return false;
  let name = '';
  const fields: Fields = {
    name: '',
    hasVersion: '',
    hasHash: '',
    offeredVersion: '',
    offeredHash: '',
    state: 'installed',
    errorMessage: '',
  };
  readNested(scope, 2, (tag) => {
    if (tag === keyValue.key) name = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) readNested(scope, 3, (inner) => readField(scope, inner, fields));
    else return false;
    return true;
  });
  into.set(name, fields);
  return true;
}

function readField(scope: Scope, tag: number, fields: Fields): boolean {
  switch (tag) {
    case tags.name:
      fields.name = readText(scope, messageLimits.keyCharacters);
      return true;
    case tags.hasVersion:
      fields.hasVersion = readText(scope, messageLimits.keyCharacters);
      return true;
    case tags.hasHash:
      fields.hasHash = readHash(scope);
      return true;
    case tags.offeredVersion:
      fields.offeredVersion = readText(scope, messageLimits.keyCharacters);
      return true;
    case tags.offeredHash:
      fields.offeredHash = readHash(scope);
      return true;
    case tags.status:
      fields.state = packageStates[scope.reader.int32()] ?? 'installed';
      return true;
    case tags.errorMessage:
      fields.errorMessage = readText(scope);
      return true;
    case tags.downloadDetails:
      readDownload(scope, fields);
      return true;
    default:
      return false;
  }
}

// A download that has just begun is at 0, which proto3 leaves out; what is no percentage is not told.
function readDownload(scope: Scope, fields: Fields): void {
  let percent = 0;
  readNested(scope, 4, (tag) => {
    if (tag !== downloadDetails.percent) return false;
    percent = scope.reader.double();
    return true;
  });
  if (percent >= 0 && percent <= 100) fields.downloadPercent = percent;
}

function readHash(scope: Scope): string {
  return Buffer.from(readBytes(scope, messageLimits.opaqueBytes)).toString('hex');
}
