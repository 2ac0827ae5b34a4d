// Web requests and port probes. Only a rule that was built with `--network` can ask.

/** A request with all its parts: a GET that takes at most 30 s, follows no redirect and reads at most 1 MiB. */
export function completeRequest({ url, method = 'GET', headers = {}, body = '', timeoutMs = 30_000, redirects = 0, maxBody = 1_048_576, options = {} }) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return { url, method, headers: Object.entries(headers), body: bytes, timeoutMs, redirects, maxBody, options: Object.entries(options) };
}

export function header(response, name) {
  return response.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

export function bodyText(response) {
  return new TextDecoder().decode(response.body);
}
