/** What is said of the changes that are deployed. The tag of an image decides nothing here: there is one of each program. */
export const FOLLOWED = {
  nothing: "no change in gitops/ is deployed until the next start",
  files: "a save in gitops/ is deployed at once",
  git: "a commit's gitops/ is deployed at once; programs are those of the working tree, whatever the tag",
} as const;
