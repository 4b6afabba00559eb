import { getPath } from '../../../manifests/index.ts';
import type { Position } from '../../../model/index.ts';
import type { Component, Section } from './collector-config.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { isOpaque } from './expansions.ts';
import { isAbsentAt, scalarAt } from './settings.ts';

/** An address that a component listens on. */
export interface Listener {
  readonly component: Component;
  readonly endpoint: Endpoint;
  readonly transport: 'tcp' | 'udp';
  /** Whether the config says so, rather than the component's default. */
  readonly isWritten: boolean;
  readonly at: Position;
}

interface Slot {
  readonly section: Section;
  readonly type: string;
  /** The block that must be there for it to listen; absent where it always does. */
  readonly block?: string;
  readonly setting: string;
  /** Where it listens without the setting; absent where that is not known. */
  readonly otherwise?: string;
  readonly transport?: 'udp';
}

function receiver(type: string, setting: string, otherwise?: string): Slot {
  return { section: 'receivers', type, setting, ...(otherwise === undefined ? {} : { otherwise }) };
}

function protocol(type: string, name: string, otherwise: string, transport?: 'udp'): Slot {
  const slot = receiver(type, `protocols::${name}::endpoint`, otherwise);
  return { ...slot, block: `protocols::${name}`, ...(transport ? { transport } : {}) };
}

function extension(type: string, otherwise: string): Slot {
  return { section: 'extensions', type, setting: 'endpoint', otherwise };
}

const slots: readonly Slot[] = [
  protocol('otlp', 'grpc', 'localhost:4317'),
  protocol('otlp', 'http', 'localhost:4318'),
  protocol('jaeger', 'grpc', 'localhost:14250'),
  protocol('jaeger', 'thrift_http', 'localhost:14268'),
  protocol('jaeger', 'thrift_compact', 'localhost:6831', 'udp'),
  protocol('jaeger', 'thrift_binary', 'localhost:6832', 'udp'),
  receiver('zipkin', 'endpoint', 'localhost:9411'),
  receiver('splunk_hec', 'endpoint', 'localhost:8088'),
  receiver('fluent_forward', 'endpoint'),
  receiver('fluentforward', 'endpoint'),
  receiver('webhook_event', 'endpoint'),
  receiver('tcp_log', 'listen_address'),
  receiver('tcplog', 'listen_address'),
  { ...receiver('udp_log', 'listen_address'), transport: 'udp' },
  { ...receiver('udplog', 'listen_address'), transport: 'udp' },
  receiver('syslog', 'tcp::listen_address'),
  { ...receiver('syslog', 'udp::listen_address'), transport: 'udp' },
  { section: 'exporters', type: 'prometheus', setting: 'endpoint' },
  extension('health_check', 'localhost:13133'),
  extension('pprof', 'localhost:1777'),
  extension('zpages', 'localhost:55679'),
];

/** The addresses that started components listen on, as far as they are known here. */
export function findListeners(started: readonly Component[]): readonly Listener[] {
  return started.flatMap((component) =>
    slots
      .filter(({ section, type }) => section === component.section && type === component.type)
      .flatMap((slot) => readSlot(component, slot) ?? []),
  );
}

function readSlot(component: Component, slot: Slot): Listener | undefined {
  const { value, key } = component;
  const block = slot.block === undefined ? value : getPath(value, slot.block);
  if (!block || isOpaque(block)) return undefined;
  // A Unix socket has no port.
  const transport = scalarAt(block, 'transport')?.text ?? 'tcp';
  if (transport !== 'tcp') return undefined;
  const written = scalarAt(value, slot.setting);
  if (!written && !isAbsentAt(value, slot.setting)) return undefined;
  const text = written?.text ?? slot.otherwise;
  const endpoint = text === undefined ? undefined : parseEndpoint(text);
  if (!endpoint || endpoint.scheme === 'unix') return undefined;
  return {
    component,
    endpoint,
    transport: slot.transport ?? 'tcp',
    isWritten: written !== undefined,
    at: written?.at ?? key.at,
  };
}
