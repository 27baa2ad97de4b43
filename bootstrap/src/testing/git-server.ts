import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Serves the bare repositories in a folder over smart HTTP, by Git's own `http-backend`. */
export function startGitServer(folder: string) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const url = new URL(request.url);
      const backend = Bun.spawn(["git", "http-backend"], {
        stdin: new Uint8Array(await request.arrayBuffer()),
        stdout: "pipe",
        stderr: "ignore",
        env: {
          ...process.env,
          GIT_PROJECT_ROOT: folder,
          GIT_HTTP_EXPORT_ALL: "1",
          PATH_INFO: url.pathname,
          QUERY_STRING: url.search.slice(1),
          REQUEST_METHOD: request.method,
          CONTENT_TYPE: request.headers.get("content-type") ?? "",
          GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
          HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
        },
      });
      return parseCgi(Buffer.from(await new Response(backend.stdout).arrayBuffer()));
    },
  });
  return {
    url: (name: string) => `http://127.0.0.1:${server.port}/${name}`,
    stop: () => server.stop(true),
  };
}

function parseCgi(answer: Buffer): Response {
  const end = answer.indexOf("\r\n\r\n");
  const headers = new Headers();
  for (const line of answer.subarray(0, end).toString("utf8").split("\r\n")) {
    const [name = "", ...rest] = line.split(":");
    headers.append(name, rest.join(":").trim());
  }
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  return new Response(new Uint8Array(answer.subarray(end + 4)), { status, headers });
}

/** A bare repository made of the tracked files of a checkout, on branch main. */
export function createBareRepository(checkout: string, folder: string, name: string): string {
  const bare = join(folder, name);
  git(
    checkout,
    "clone",
    "--quiet",
    "--bare",
    "--no-local",
    "--depth=1",
    `file://${checkout}`,
    bare,
  );
  git(bare, "branch", "-f", "main", "HEAD");
  git(bare, "symbolic-ref", "HEAD", "refs/heads/main");
  return bare;
}

function git(cwd: string, ...words: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["git", ...words], { cwd, stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`git ${words[0]} failed: ${stderr}`);
}

/** Commits to main of a bare repository the same files with some texts replaced. */
export function rewrite(
  bare: string,
  folders: readonly string[],
  replacements: ReadonlyMap<string, string>,
): void {
  const work = mkdtempSync(`${bare}.work-`);
  git(bare, "clone", "--quiet", bare, work);
  const files = folders.flatMap((folder) =>
    readdirSync(join(work, folder)).map((name) => join(work, folder, name)),
  );
  for (const file of files) {
    let text = readFileSync(file, "utf8");
    for (const [from, to] of replacements) text = text.replaceAll(from, to);
    writeFileSync(file, text);
  }
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  git(
    work,
    ...author,
    "commit",
    "--quiet",
    "--all",
    "--message",
    "test: replace what is elsewhere",
  );
  git(work, "push", "--quiet", "origin", "HEAD:main");
}
