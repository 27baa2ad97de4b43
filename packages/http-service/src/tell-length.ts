/**
 * Says how long the body is of an answer to HEAD, which goes out without it. Of such an answer Bun says
 * that it has 0 bytes, but only the length that GET would have may be told (RFC 9110 §8.6).
 */
export async function tellLength(response: Response): Promise<void> {
  const body = await response.clone().arrayBuffer();
  response.headers.set("content-length", String(body.byteLength));
}
