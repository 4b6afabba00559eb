import { Writer } from 'protobufjs/minimal.js';
import type { ConnectionOffer, CustomMessage, PackagesOffer, RenderedConfig } from '../../model/index.ts';
import {
  connectionCapabilities,
  encodeConnectionOffer,
  narrowConnectionOffer,
} from './encode-connection-offer.ts';
import { encodePackagesOffer } from './encode-packages-offer.ts';
import { encodeRemoteConfig } from './encode-remote-config.ts';
import { serverToAgent } from './tags.ts';
import { writeCustomCapabilities, writeCustomMessage } from './write-custom.ts';

/** Encodes offers as whole fields of a ServerToAgent, once per object: all its agents share the bytes. */
export interface OfferEncoder {
  config(config: RenderedConfig): Uint8Array;
  packages(offer: PackagesOffer): Uint8Array;
  /** What an agent of these capabilities may have of the offer; undefined where that is nothing. */
  connection(offer: ConnectionOffer, capabilities: number): Uint8Array | undefined;
  customMessage(message: CustomMessage): Uint8Array;
}

/** An encoder that forgets what it encoded together with the object it came from. */
export function createOfferEncoder(): OfferEncoder {
  const config = remember(encodeRemoteConfig);
  const packages = remember(encodePackagesOffer);
  const customMessage = remember(encodeCustomMessage);
  const connections = remember((_: ConnectionOffer) => new Map<number, Uint8Array | undefined>());
  return {
    config,
    packages,
    customMessage,
    connection(offer, capabilities) {
      const known = connections(offer);
      const relevant = capabilities & connectionCapabilities;
      if (known.has(relevant)) return known.get(relevant);
      const narrowed = narrowConnectionOffer(offer, relevant);
      const bytes = narrowed && encodeConnectionOffer(narrowed);
      known.set(relevant, bytes);
      return bytes;
    },
  };
}

/** The field custom_capabilities of a ServerToAgent, tag included. */
export function encodeCustomCapabilities(names: readonly string[]): Uint8Array {
  const writer = Writer.create();
  writeCustomCapabilities(writer, serverToAgent.customCapabilities, names);
  return writer.finish();
}

function encodeCustomMessage(message: CustomMessage): Uint8Array {
  const writer = Writer.create();
  writeCustomMessage(writer, serverToAgent.customMessage, message);
  return writer.finish();
}

function remember<T extends object, R>(encode: (value: T) => R): (value: T) => R {
  const known = new WeakMap<T, R>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const encoded = encode(value);
    known.set(value, encoded);
    return encoded;
  };
}
