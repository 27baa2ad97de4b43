export { createVersionReader, readVersion, type Version } from "./read-version.ts";
