import { componentId } from '../blocks/net.ts';
import { listOf, settings, text } from '../shape.ts';

/** Settings of the headers_setter extension. */
export const headersSetterExtension = settings(
  {
    additional_auth: componentId,
    headers: listOf(
      settings(
        {
          action: text,
          default_value: text,
          from_attribute: text,
          from_context: text,
          key: text,
          value: text,
          value_file: text,
        },
        { required: ['key'] },
      ),
    ),
  },
  { required: ['headers'] },
);
