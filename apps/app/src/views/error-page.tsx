/** @jsxImportSource hono/jsx */
import { Layout } from "./layout.tsx";
import type { PageInfo } from "./page-info.ts";

interface ErrorPageProps {
  readonly info: PageInfo;
  readonly status: number;
  readonly message: string;
}

/** What is shown when the request itself cannot be answered: wrong address, method, type or size. */
export function ErrorPage({ info, status, message }: ErrorPageProps) {
  return (
    <Layout title={`${status} · Hookline`} info={info}>
      <section class="ask">
        <h1>{message}</h1>
        <p>
          <a href="/">Back to the form</a> <span class="fine">(status {status})</span>
        </p>
      </section>
    </Layout>
  );
}
