// Loaded before a benchmark: an option that it does not know is told in a sentence, and ends with 2.
process.on("uncaughtException", (error) => {
  const isOption = "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  console.error(isOption ? error.message : error);
  process.exit(isOption ? 2 : 1);
});
