/** A message that is refused. The status is for whoever sent the request; a response that is refused becomes a 502. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;

  constructor(message: string, { status, ...options }: ErrorOptions & { status: number }) {
    super(message, options);
    this.status = status;
  }
}
