// The worker that says for its tab, every few seconds, what the tab has told it last.

let told = null;
let timer = null;

addEventListener("message", ({ data }) => {
  const every = data.every !== told?.every;
  told = data;
  if (!every) return;
  clearInterval(timer);
  timer = setInterval(say, told.every);
  say();
});

async function say() {
  const { address, body, shown } = told;
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(address, { method: "POST", headers, body });
    postMessage({ status: answer.status, shown, ...(answer.ok ? await answer.json() : {}) });
  } catch {
    postMessage({ status: 0, shown }); // no connection: it is said again
  }
}
