import { resolve } from "node:path";

const WEB = resolve(import.meta.dirname, "../web");

/** Where the page finds its files; the names change with the content, so they may be kept for ever. */
export interface AssetPaths {
  readonly style: string;
  readonly script: string;
  readonly favicon: string;
}

export interface Asset {
  readonly body: string;
  readonly type: string;
}

export interface Assets {
  readonly paths: AssetPaths;
  /** The file under a name of `paths`, without the folder; undefined for any other name. */
  find(name: string): Asset | undefined;
}

/**
 * Bundles the stylesheet and the script of `web/` in memory, under names that carry their hash.
 *
 * Throws when one of them does not build: a page without its style must not go live.
 */
export async function buildAssets(): Promise<Assets> {
  const { outputs } = await Bun.build({
    entrypoints: [`${WEB}/style.css`, `${WEB}/enhance.ts`],
    target: "browser",
    minify: true,
  });
  const files = new Map<string, Asset>();
  const add = (stem: string, extension: string, asset: Asset) => {
    const hash = new Bun.CryptoHasher("sha256").update(asset.body).digest("hex").slice(0, 12);
    const name = `${stem}.${hash}.${extension}`;
    files.set(name, asset);
    return `/assets/${name}`;
  };
  const read = async (ending: string) => {
    const output = outputs.find(({ path }) => path.endsWith(ending));
    if (output === undefined) throw new Error(`Cannot build web/: no output ends in "${ending}"`);
    return output.text();
  };
  const paths = {
    style: add("style", "css", { body: await read(".css"), type: "text/css; charset=utf-8" }),
    script: add("enhance", "js", {
      body: await read(".js"),
      type: "text/javascript; charset=utf-8",
    }),
    favicon: add("favicon", "svg", {
      body: await Bun.file(`${WEB}/favicon.svg`).text(),
      type: "image/svg+xml",
    }),
  };
  return { paths, find: (name) => files.get(name) };
}
