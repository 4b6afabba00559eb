export * from './backoff.ts';
export * from './clock.ts';
export * from './load-settings.ts';
export * from './logger.ts';
export * from './parse-duration.ts';
export * from './schedule.ts';
export * from './service-settings.ts';
export * from './settings.ts';
