export { readVersion, type Version } from "./read-version.ts";
