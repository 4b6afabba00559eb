import { Writer } from 'protobufjs/minimal.js';
import type { AvailablePackage, PackagesOffer } from '../../model/index.ts';
import {
  downloadableFile,
  keyValue,
  packageAvailable,
  packagesAvailable,
  packageTypes,
  serverToAgent,
} from './tags.ts';
import { writeHeaders } from './write-headers.ts';
import { writeText } from './write-text.ts';

/** The field packages_available of a ServerToAgent, tag included; its aggregate hash is always set (C-PKG-2). */
export function encodePackagesOffer(offer: PackagesOffer): Uint8Array {
  const writer = Writer.create().uint32(serverToAgent.packagesAvailable).fork();
  for (const [name, available] of offer.packages) {
    writer.uint32(packagesAvailable.packages).fork();
    writeText(writer, keyValue.key, name);
    writePackage(writer, available);
    writer.ldelim();
  }
  writer.uint32(packagesAvailable.hash).bytes(Buffer.from(offer.hash, 'hex'));
  return writer.ldelim().finish();
}

function writePackage(writer: Writer, available: AvailablePackage): void {
  writer.uint32(keyValue.value).fork();
  writer.uint32(packageAvailable.type).uint32(packageTypes.indexOf(available.type));
  writeText(writer, packageAvailable.version, available.version);
  writer.uint32(packageAvailable.file).fork();
  writeText(writer, downloadableFile.url, available.downloadUrl);
  writer.uint32(downloadableFile.contentHash).bytes(Buffer.from(available.contentSha256, 'hex'));
  if (available.signature !== undefined) {
    writer.uint32(downloadableFile.signature).bytes(Buffer.from(available.signature, 'base64'));
  }
  if (available.headers.length > 0) writeHeaders(writer, downloadableFile.headers, available.headers);
  writer.ldelim();
  writer.uint32(packageAvailable.hash).bytes(Buffer.from(available.hash, 'hex'));
  writer.ldelim();
}
