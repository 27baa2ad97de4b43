/** A message that is refused. The status is for whoever sent the request; a response that is refused becomes a 502. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  /** Whether the bytes are no HTTP; else it is HTTP that is not wanted. */
  readonly isOfCodec: boolean;

  constructor(
    message: string,
    {
      status,
      isOfCodec = true,
      ...options
    }: ErrorOptions & { status: number; isOfCodec?: boolean },
  ) {
    super(message, options);
    this.status = status;
    this.isOfCodec = isOfCodec;
  }
}
