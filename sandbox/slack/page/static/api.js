// The workspace's page interface: what one person sees, what they do, and when something changed.

export async function stateOf(user) {
  const answer = await fetch(`/page/state?as=${encodeURIComponent(user)}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`the workspace answered ${answer.status}`);
  return answer.json();
}

/** Do something as a person. Returns the workspace's answer, whatever it is; only a lost connection throws. */
export async function act(user, kind, more) {
  const answer = await fetch("/page/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: user, kind, ...more }),
  });
  return answer.json();
}

/** Call `changed` whenever something happened, and `connected` with whether the workspace can be heard. */
export function listen(changed, connected) {
  const stream = new EventSource("/page/events");
  stream.onopen = () => connected(true);
  stream.onmessage = changed;
  stream.onerror = () => connected(false);
}

const SAID = {
  operation_timeout: "The app did not answer in time (operation_timeout). Try again.",
  dispatch_failed: "The app did not take this (dispatch_failed).",
  trouble_connecting: "We had some trouble connecting. Try again?",
};

/** Return in words why an act did not work, "" where it did or where the fields tell. */
export function trouble(result) {
  if (result.ok || result.error === "incomplete" || Object.keys(result.errors ?? {}).length) return "";
  return result.detail ?? SAID[result.error] ?? `That did not work (${result.error}).`;
}
