import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

type SecureHeadersOptions = NonNullable<Parameters<typeof secureHeaders>[0]>;

interface GuardPageOptions {
  /** What the page may do besides showing its own styles and images, by directive of the policy. */
  readonly allow?: SecureHeadersOptions["contentSecurityPolicy"];
  readonly referrerPolicy?: "no-referrer" | "same-origin";
}

/** Headers that keep a page to itself: only our own files, no frames, no plugins, nothing inline. */
export function guardPage({
  allow,
  referrerPolicy = "no-referrer",
}: GuardPageOptions = {}): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      ...allow,
    },
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    referrerPolicy,
    xFrameOptions: "DENY",
    // Whether the site is reached by TLS is the gateway's affair; it sets this header where it is.
    strictTransportSecurity: false,
    permissionsPolicy: { camera: false, geolocation: false, microphone: false, payment: false },
  });
}
