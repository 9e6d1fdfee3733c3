// A plan and its task cards ("Plan block", "Task card block"): a sign for the status, a title, details to open.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { link } from "../text/tags.js";
import { richText } from "../text/rich.js";
import { remembered } from "./opened.js";

const STATUS = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Error" };

export function plan(block, surface) {
  const tasks = block.tasks ?? [];
  return h(
    "div",
    { class: "plan" },
    h("div", { class: "plan-title" }, h("strong", {}, block.title), meter(tasks)),
    h(
      "ul",
      { class: "tasks" },
      tasks.map((task) => h("li", {}, taskCard(task, surface))),
    ),
  );
}

/** How far the plan is, as a bar; the title says it in words. */
function meter(tasks) {
  const parts = tasks.map((task) => h("span", { class: `part part-${task.status}` }));
  return h("span", { class: "meter", "aria-hidden": "true" }, parts);
}

export function taskCard(task, surface) {
  const head = [sign(task.status), h("span", { class: "task-title" }, titled(task.title))];
  const status = `task task-${task.status}`;
  if (!task.details && !task.output && !task.sources?.length)
    return h("div", { class: status }, h("div", { class: "task-head" }, head));
  const key = `${surface.key}/${task.task_id}`;
  const summary = h("summary", { class: "task-head", data: { focus: key } }, head, icon("chevron", 14));
  return remembered(h("details", { class: status }, summary, inside(task)), key, task.status === "error");
}

function sign(status) {
  return h(
    "span",
    { class: "task-sign" },
    icon(status, 18),
    h("span", { class: "unseen" }, `${STATUS[status] ?? status}: `),
  );
}

/** A title that ends in one word after a colon shows that word as its result. */
function titled(title) {
  const found = /^(.*): ([a-z]+)$/.exec(title);
  return found ? [found[1], h("span", { class: "colon" }, ": "), h("b", { class: "result" }, found[2])] : title;
}

function inside(task) {
  const sources = (task.sources ?? []).map((source) => h("li", {}, link(source.url, source.text)));
  return h(
    "div",
    { class: "task-inside" },
    task.details ? richText(task.details) : null,
    task.output ? h("div", { class: "task-output" }, richText(task.output)) : null,
    sources.length ? h("ul", { class: "sources", "aria-label": "Sources" }, sources) : null,
  );
}
