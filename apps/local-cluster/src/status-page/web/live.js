// Keeps the numbers of the page fresh; without it the page asks to be loaded again.
const live = document.querySelector("#live");

async function refresh() {
  if (document.visibilityState === "hidden") return;
  try {
    const answer = await fetch("/_local/", { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#live");
    if (fresh !== null) live.replaceChildren(...fresh.childNodes);
    // Somebody else may have the port by now.
    document.body.classList.toggle("stale", fresh === null);
  } catch {
    document.body.classList.add("stale");
  }
}

setInterval(refresh, 2000);
