import type { Writer } from 'protobufjs/minimal.js';
import type { PackageStatus, PackageStatuses } from '../../model/index.ts';
import {
  agentToServer,
  downloadDetails,
  keyValue,
  packageStates,
  packageStatuses,
  packageStatus as tags,
} from './tags.ts';
import { writeText } from './write-text.ts';

/** Writes PackageStatuses of an AgentToServer. */
export function writePackageStatuses(writer: Writer, statuses: PackageStatuses): void {
  writer.uint32(agentToServer.packageStatuses).fork();
  for (const [name, status] of statuses.packages) {
    writer.uint32(packageStatuses.packages).fork();
    writeText(writer, keyValue.key, name);
    writeStatus(writer, status);
    writer.ldelim();
  }
  writer.uint32(packageStatuses.offeredHash).bytes(Buffer.from(statuses.offeredHash, 'hex'));
  writeText(writer, packageStatuses.errorMessage, statuses.errorMessage);
  writer.ldelim();
}

function writeStatus(writer: Writer, status: PackageStatus): void {
  writer.uint32(keyValue.value).fork();
  writeText(writer, tags.name, status.name);
  writeText(writer, tags.hasVersion, status.hasVersion);
  writer.uint32(tags.hasHash).bytes(Buffer.from(status.hasHash, 'hex'));
  writeText(writer, tags.offeredVersion, status.offeredVersion);
  writer.uint32(tags.offeredHash).bytes(Buffer.from(status.offeredHash, 'hex'));
  writer.uint32(tags.status).uint32(packageStates.indexOf(status.state));
  writeText(writer, tags.errorMessage, status.errorMessage);
  if (status.downloadPercent !== undefined) {
    writer.uint32(tags.downloadDetails).fork();
    writer.uint32(downloadDetails.percent).double(status.downloadPercent).ldelim();
  }
  writer.ldelim();
}
