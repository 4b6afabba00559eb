import { componentId } from '../blocks/net.ts';
import { tlsClient } from '../blocks/tls.ts';
import { bool, duration, int, mapOf, settings, text } from '../shape.ts';

/** Settings of the opamp extension. */
export const opampExtension = settings({
  agent_description: settings({ include_resource_attributes: bool, non_identifying_attributes: mapOf(text) }),
  capabilities: settings({
    accepts_restart_command: bool,
    reports_available_components: bool,
    reports_effective_config: bool,
    reports_health: bool,
  }),
  instance_uid: text,
  ppid: int,
  ppid_poll_interval: duration,
  server: settings({
    http: settings({
      auth: componentId,
      endpoint: text,
      headers: mapOf(text),
      polling_interval: duration,
      tls: tlsClient,
    }),
    ws: settings({ auth: componentId, endpoint: text, headers: mapOf(text), tls: tlsClient }),
  }),
});
