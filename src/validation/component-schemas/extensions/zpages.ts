import { httpServerFields } from '../blocks/http.ts';
import { bool, settings } from '../shape.ts';

/** Settings of the zpages extension. */
export const zpagesExtension = settings({ ...httpServerFields, expvar: settings({ enabled: bool }) });
