import type { MeshRequest } from "@hookline/mesh";
import type { HeaderList } from "./http/header-list.ts";

/** What a router sees of a request. */
export class RequestView implements MeshRequest {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly scheme = "http";
  readonly clientAddress: string;
  readonly port: number;
  readonly headers: HeaderList;

  constructor(options: {
    readonly method: string;
    readonly authority: string;
    readonly path: string;
    readonly clientAddress: string;
    readonly port: number;
    readonly headers: HeaderList;
  }) {
    this.method = options.method;
    this.authority = options.authority;
    this.path = options.path;
    this.clientAddress = options.clientAddress;
    this.port = options.port;
    this.headers = options.headers;
  }

  header(lowerCaseName: string): string | undefined {
    return this.headers.get(lowerCaseName);
  }
}
