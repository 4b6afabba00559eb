import { listOf, optional, text } from '../shape.ts';
import { componentId } from './net.ts';

/** The extension that adds or checks credentials. */
export const auth = optional({ authenticator: componentId });

/** The same for an HTTP server, which may look at request parameters too. */
export const serverAuth = optional({ authenticator: componentId, request_params: listOf(text) });
