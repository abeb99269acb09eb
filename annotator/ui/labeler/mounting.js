// How a page is put into its place and taken out again: one page a place, whatever is drawn anew.

// `Page` has receive(data, …setters), which gives the number of the call, `turn` and stop().
export function mounting(Page) {
  const mounts = new WeakMap();
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    if (!mounts.has(parentElement)) mounts.set(parentElement, new Page(parentElement));
    const page = mounts.get(parentElement);
    const turn = page.receive(data, setStateValue, setTriggerValue);
    // Streamlit may clean up after a superseded call: only the newest call may stop the page.
    return () => {
      if (page.turn !== turn) return;
      page.stop();
      mounts.delete(parentElement);
    };
  };
}
