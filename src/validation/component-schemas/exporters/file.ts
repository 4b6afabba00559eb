import { componentId, compressionParams } from '../blocks/net.ts';
import { bool, choice, duration, int, settings, text } from '../shape.ts';

/** Settings of the file exporter. */
export const fileExporter = settings(
  {
    append: bool,
    compression: choice('zstd', ''),
    compression_params: compressionParams,
    create_directory: bool,
    directory_permissions: text,
    encoding: componentId,
    flush_interval: duration,
    format: choice('json', 'proto', ''),
    group_by: settings({ enabled: bool, max_open_files: int, resource_attribute: text }),
    path: text,
    rotation: settings({ localtime: bool, max_backups: int, max_days: int, max_megabytes: int }),
  },
  { required: ['path'] },
);
