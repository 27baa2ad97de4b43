import { describe, expect, test } from "bun:test";
import { edit, HEAD } from "./memory-folder.ts";

// The content of each outcome is what `kustomize edit` 5.8.1 makes of it; comments and order are ours.
const CASES: readonly (readonly [string, string, string, string])[] = [
  [
    "a new tag in place",
    "set image nginx:1.27",
    `${HEAD}# pinned by hand
images:
  # the web server
  - name: nginx # upstream
    newTag: "1.25" # see the changelog
  - name: redis
`,
    `${HEAD}# pinned by hand
images:
  # the web server
  - name: nginx # upstream
    newTag: "1.27" # see the changelog
  - name: redis
`,
  ],
  [
    "what the word does not say falls away",
    "set image nginx@sha256:aa",
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v1
# end
`,
    `${HEAD}images:
- digest: sha256:aa
  name: nginx
# end
`,
  ],
  [
    "a tag to an image that is only named",
    "set image nginx:1.27",
    `${HEAD}images:\n- name: nginx # the web server\n`,
    `${HEAD}images:\n- name: nginx # the web server\n  newTag: "1.27"\n`,
  ],
  [
    "a digest in place of the only new name",
    "set image app=@sha256:aa",
    `${HEAD}images:\n- name: app\n  newName: mirror/app\n`,
    `${HEAD}images:\n- digest: sha256:aa\n  name: app\n`,
  ],
  [
    "an image without a name before the sign as the name",
    "set image =nginx:v2",
    HEAD,
    `${HEAD}images:\n- name: nginx\n  newTag: v2\n`,
  ],
  [
    "one entry of a name, though another was set",
    "set image redis:7",
    `${HEAD}images:\n- name: nginx # first\n- name: nginx\n  newTag: v2\n`,
    `${HEAD}images:\n- name: nginx # first\n- name: redis\n  newTag: "7"\n`,
  ],
  [
    "* keeps the name",
    "set image nginx=*:v2",
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v1
`,
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v2
`,
  ],
  [
    "* keeps the tag as it is written",
    "set image nginx=other:*",
    `${HEAD}images:
- name: nginx
  newTag: '1.10' # not 1.1
`,
    `${HEAD}images:
- name: nginx
  newName: other
  newTag: '1.10' # not 1.1
`,
  ],
  [
    "a new image in the order of names",
    "set image mysql=host:5000/maria:v1@sha256:aa",
    `${HEAD}images:
- name: app
# on top
- name: nginx
`,
    `${HEAD}images:
- name: app
- digest: sha256:aa
  name: mysql
  newName: host:5000/maria
  newTag: v1
# on top
- name: nginx
`,
  ],
  [
    "a new image last when the file has an order of its own",
    "set image mysql:v1",
    `${HEAD}images:
- name: nginx
- name: app
`,
    `${HEAD}images:
- name: nginx
- name: app
- name: mysql
  newTag: v1
`,
  ],
  [
    "a count in place and a new one",
    "set replicas web=3 api=2",
    `${HEAD}replicas:
- name: web # the front
  count: 1 # small
`,
    `${HEAD}replicas:
- count: 2
  name: api
- name: web # the front
  count: 3 # small
`,
  ],
  [
    "a namespace",
    "set namespace prod",
    `# where\nnamespace: test # for now\nresources:\n- a.yaml\n`,
    `# where\nnamespace: prod # for now\nresources:\n- a.yaml\n${HEAD}`,
  ],
  [
    "a namespace that is a word of YAML",
    "set namespace yes",
    `${HEAD}# end\n`,
    `${HEAD}namespace: "yes"\n# end\n`,
  ],
  ["a prefix", "set nameprefix dev-", HEAD, `${HEAD}namePrefix: dev-\n`],
  ["a suffix", "set namesuffix -- -v2", HEAD, `${HEAD}nameSuffix: -v2\n`],
  [
    "labels",
    "set label a:1 team:web",
    `${HEAD}commonLabels:\n  app: x # name\n`,
    `${HEAD}commonLabels:\n  a: "1"\n  app: x # name\n  team: web\n`,
  ],
  [
    "an annotation with a colon in its value",
    "set annotation note:a:b",
    HEAD,
    `${HEAD}commonAnnotations:\n  note: a:b\n`,
  ],
  [
    "a literal of a config map",
    "set configmap cm --from-literal=b=3",
    `${HEAD}configMapGenerator:
- name: cm
  literals:
  # one
  - a=1 # first
  - b=2 # second
`,
    `${HEAD}configMapGenerator:
- name: cm
  literals:
  # one
  - a=1 # first
  - b=3 # second
`,
  ],
  [
    "the namespace of a secret",
    "set secret s --namespace one --new-namespace two",
    `${HEAD}secretGenerator:\n- name: s\n- name: s\n  namespace: one # here\n`,
    `${HEAD}secretGenerator:\n- name: s\n- name: s\n  namespace: two # here\n`,
  ],
];

describe("runEdit()", () => {
  test.each(CASES)("writes %s: %s", (_, words, before, after) => {
    expect(edit(before, words.split(" "))).toBe(after);
  });

  test.each(CASES.filter(([, words]) => !words.includes("--new-namespace")))(
    "changes nothing the second time: %s",
    (_, words, __, after) => {
      expect(edit(after, words.split(" "))).toBe(after);
    },
  );
});
