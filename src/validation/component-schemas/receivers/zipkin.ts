import { httpServerFields } from '../blocks/http.ts';
import { bool, settings } from '../shape.ts';

/** Settings of the zipkin receiver. */
export const zipkinReceiver = settings({ ...httpServerFields, parse_string_tags: bool });
