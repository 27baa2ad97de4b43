// What `import … with { type: "text" }` gives of a stylesheet.
declare module "*.css" {
  const text: string;
  export = text;
}
