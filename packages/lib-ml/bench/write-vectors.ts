// Writes testdata/vectors.json from testdata/urls.json. After a release a changed file means another
// contract: raise CONTRACT, retrain every model.
import { CONTRACT, canonicalise, featurise, ROWS } from "../src/index.ts";
import urls from "../testdata/urls.json";

const lines = urls.map((url) => {
  const canonical = canonicalise(url);
  if (canonical === undefined)
    return { url, text: null, flags: null, ids: null, ends: null, scale: null };
  const { ids, ends, scale } = featurise(canonical);
  return {
    url,
    text: canonical.text,
    flags: canonical.flags,
    ids: [...ids],
    ends: [...ends],
    scale,
  };
});
const body = lines.map((line) => `    ${JSON.stringify(line)}`).join(",\n");
const head = `{\n  "contract": ${JSON.stringify(CONTRACT)},\n  "rows": ${ROWS},\n  "urls": [\n`;
await Bun.write(new URL("../testdata/vectors.json", import.meta.url), `${head}${body}\n  ]\n}\n`);
