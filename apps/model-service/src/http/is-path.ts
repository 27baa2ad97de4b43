/** Whether the address of a request has exactly this path, with or without a query; the path is ASCII and short. */
export function isPath(url: string, path: string): boolean {
  // Behind "http://" or "https://" comes the host, which has no slash.
  const at = url.indexOf("/", 8);
  const end = at + path.length;
  return at > 0 && url.startsWith(path, at) && (url.length === end || url.charCodeAt(end) === 0x3f);
}
