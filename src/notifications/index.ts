export { createDestinations, type Destination, type DestinationUrls } from './destination.ts';
export { createNotifier, type Notifier, type NotifierOptions } from './notifier.ts';
export { createPost, type PostOptions, type PostPayload } from './post-payload.ts';
