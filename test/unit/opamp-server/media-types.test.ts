import { expect, it } from 'vitest';
import { acceptsGzip, isProtobuf } from '../../../src/opamp-server/media-types.ts';

it.each([
  ['application/x-protobuf', true],
  ['Application/X-Protobuf ; charset=utf-8', true],
  ['application/x-protobuffer', false],
  ['text/plain; application/x-protobuf', false],
  ['', false],
  [undefined, false],
])('takes %s for protobuf: %s', (contentType, expected) => {
  expect(isProtobuf(contentType)).toBe(expected);
});

it.each([
  ['gzip, deflate', true],
  ['gzip;q=0, *', false],
  ['*;q=0.1', true],
  ['deflate;q=1, *;q=0', false],
  ['x-gzip', true],
  ['gzip;q=abc', false],
  ['gzip ; q=0.000', false],
  ['', false],
])('reads Accept-Encoding %s: %s', (acceptEncoding, expected) => {
  expect(acceptsGzip(acceptEncoding)).toBe(expected);
});
