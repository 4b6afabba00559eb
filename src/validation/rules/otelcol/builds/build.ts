import { distributions } from './presence.ts';

/** What an agent's build holds: its own list (`AvailableComponents`), or what its name and version let one guess. */
export type Build =
  | {
      readonly kind: 'known';
      /** Component types as `kind/type`. */
      readonly components: ReadonlySet<string>;
    }
  | {
      readonly kind: 'guess';
      /** core, contrib, k8s, otlp or ebpf. */
      readonly distribution?: string;
      /** The collector's version, such as `0.144.0`. */
      readonly version?: string;
    };

/** What an agent tells of itself: its list of components, `service.name` and `service.version`. */
export interface BuildFacts {
  readonly components?: ReadonlySet<string> | undefined;
  readonly serviceName?: string | undefined;
  readonly serviceVersion?: string | undefined;
}

/** The build of an agent. An empty list tells nothing: a collector whose modules are not known sends one. */
export function describeBuild({ components, serviceName, serviceVersion }: BuildFacts): Build {
  if (components && components.size > 0) return { kind: 'known', components };
  const isOfficial = serviceName !== undefined && Object.hasOwn(distributions, serviceName);
  const distribution = isOfficial ? distributions[serviceName] : undefined;
  return {
    kind: 'guess',
    ...(distribution === undefined ? {} : { distribution }),
    // Versions of other builds are their own count.
    ...(distribution === undefined || serviceVersion === undefined ? {} : { version: serviceVersion }),
  };
}
