/** Where the page and the API are mounted, from the public address: `/`, or a path with a slash at both ends. */
export function basePathOf(publicUrl: string | undefined): string {
  const path = publicUrl === undefined ? '/' : URL.parse(publicUrl)?.pathname;
  return /^\/[\w./~-]*$/.test(path ?? '') ? `${path}/`.replace(/\/{2,}/g, '/') : '/';
}

/** The request as it would be without the base path: a proxy in front may cut it off, or leave it. */
export function cutBasePath(request: Request, basePath: string): Request {
  const url = new URL(request.url);
  if (basePath === '/' || !`${url.pathname}/`.startsWith(basePath)) return request;
  url.pathname = `/${url.pathname.slice(basePath.length)}`;
  return new Request(url, request);
}
