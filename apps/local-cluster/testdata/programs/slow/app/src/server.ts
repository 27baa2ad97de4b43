// A program that never gets as far as listening; Ctrl-C ends it as it ends whatever does not listen for it.
console.log("still loading");
setInterval(() => {}, 1000);
