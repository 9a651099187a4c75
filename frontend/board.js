// The board of a programme: dragging, resizing and swapping fill in the small forms of the list and send them.
// Everything here can be done with those forms alone; below 48rem only they are there.

const STEP = 15; // minutes
const DAY = 1440;
const NIGHT = 480; // the longest that goes on past midnight
const MINUTE = 1.2; // pixels
const MOVED = "moved-on-the-board";
const FAR = 5; // pixels before a press becomes a drag

const board = document.querySelector("[data-board]");
if (board) lay();

function lay() {
  const [opens, closes] = [Number(board.dataset.starts), Number(board.dataset.ends)];
  board.style.setProperty("--hour", `${60 * MINUTE}px`);
  for (const list of board.querySelectorAll("ol")) list.style.setProperty("--tall", `${(closes - opens) * MINUTE}px`);
  board.dataset.live = "";
  document.querySelector("[data-board-help]").hidden = false;
  for (const column of board.querySelectorAll("section")) spread([...column.querySelectorAll(".board-stop")], opens);
  for (const stop of board.querySelectorAll("[data-movable]")) handle(stop, opens, closes);
  // Who moved a stop on the board goes on there; who used the list is led to the list by the address.
  const moved = board.querySelector(`[data-stop="${sessionStorage.getItem(MOVED)}"] a`);
  sessionStorage.removeItem(MOVED);
  if (moved) window.addEventListener("load", () => setTimeout(() => moved.focus()));
}

// Stops at the same time stand side by side; those that nothing overlaps have the day's whole width.
function spread(stops, opens) {
  const groups = [];
  let until = -1;
  for (const stop of [...stops].sort((one, other) => one.dataset.from - other.dataset.from)) {
    const from = Number(stop.dataset.from);
    if (from >= until) groups.push([]);
    groups.at(-1).push(stop);
    until = Math.max(until, from + Number(stop.dataset.minutes));
  }
  for (const group of groups) inLanes(group, opens);
}

function inLanes(stops, opens) {
  const lanes = [];
  for (const stop of stops) {
    const from = Number(stop.dataset.from);
    let lane = lanes.findIndex((end) => end <= from);
    if (lane < 0) lane = lanes.push(0) - 1;
    lanes[lane] = from + Number(stop.dataset.minutes);
    stop.dataset.lane = lane;
  }
  for (const stop of stops) {
    stop.style.setProperty("--left", `${(100 / lanes.length) * stop.dataset.lane}%`);
    stop.style.setProperty("--wide", `${100 / lanes.length}%`);
    place(stop, Number(stop.dataset.from), Number(stop.dataset.minutes), opens);
  }
}

// Where and how tall, for wide screens; on a phone the board stays a list under each day.
// What goes on past midnight is cut there: its rest is drawn on the next day.
function place(stop, from, minutes, opens) {
  minutes = Math.min(minutes, DAY - from);
  stop.style.setProperty("--top", `${(from - opens) * MINUTE}px`);
  stop.style.setProperty("--tall", `${Math.max(minutes * MINUTE, 20)}px`);
}

const clock = (minutes) => {
  const mark = document.documentElement.lang === "en" ? ":" : ".";
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}${mark}${String(minutes % 60).padStart(2, "0")}`;
};
const end = (minutes) => (minutes > DAY ? board.dataset.nextDay.replace("{time}", clock(minutes - DAY)) : clock(minutes));
const typed = (minutes) => `${String(Math.floor((minutes % DAY) / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const says = document.querySelector("[data-board-says]");
const warns = document.querySelector("[data-board-conflicts]");

function handle(stop, opens, closes) {
  const link = stop.querySelector("a");
  const label = stop.querySelector("[data-time]");
  const written = label.textContent;
  const columns = [...board.querySelectorAll("section")];
  const home = { column: columns.indexOf(stop.closest("section")), from: Number(stop.dataset.from), minutes: Number(stop.dataset.minutes) };
  let at = null; // where it is held now; null: not picked up
  let sent = false;
  let other = null; // the stop it would be swapped with
  const rest = board.querySelector(`[data-rest="${stop.dataset.stop}"]`); // after midnight, while it stands where it was

  const show = () => {
    place(stop, at.from, at.minutes, opens);
    stop.style.transform = `translateX(${left(at.column) - left(home.column)}px)`;
    const time = `${clock(at.from)}–${end(at.from + at.minutes)}`;
    label.textContent = time;
    const day = columns[at.column].querySelector("[data-day-name]").textContent;
    const swap = other ? ` ${board.dataset.swap.replace("{other}", other.querySelector("strong").textContent)}` : "";
    says.textContent = `${day}, ${time}.${swap}`;
    if (other) hush(); // what the stop before this one would meet is not this one's
    const wanted = other ? { other: other.dataset.stop } : values();
    check(board.dataset.conflicts, warns, { appointment: stop.dataset.stop, ...wanted });
  };
  const left = (column) => columns[column].getBoundingClientRect().left;
  const values = () => ({ on: columns[at.column].dataset.day, starts: typed(at.from), ends: typed(at.from + at.minutes) });
  const pick = () => {
    at = { ...home };
    stop.dataset.held = "";
    if (rest) rest.dataset.away = "";
    stop.style.setProperty("--left", "0%");
    stop.style.setProperty("--wide", "100%");
  };
  const target = (found) => {
    for (const one of board.querySelectorAll("[data-target]")) delete one.dataset.target;
    other = found;
    if (other) other.dataset.target = "";
  };
  // Every other stop in turn, beginning with the one after this; after the last none.
  const next = () => {
    const all = [...board.querySelectorAll(".board-stop[data-movable]")];
    const here = all.indexOf(stop);
    const others = [...all.slice(here + 1), ...all.slice(0, here)];
    at = { ...home };
    target(others[others.indexOf(other) + 1] ?? null);
    other?.scrollIntoView({ block: "nearest" });
  };
  const leave = (focus) => {
    target(null);
    at = null;
    delete stop.dataset.held;
    if (rest) delete rest.dataset.away;
    stop.style.transform = "";
    label.textContent = written;
    spread([...columns[home.column].querySelectorAll(".board-stop")], opens);
    hush();
    says.textContent = board.dataset.left;
    if (focus) link.focus();
  };
  const drop = () => {
    const same = at.column === home.column && at.from === home.from && at.minutes === home.minutes;
    if (same && !other) return leave(true);
    const form = document.getElementById(`${other ? "swap" : "move"}-${stop.dataset.stop}`);
    if (other) form.elements.other.value = other.dataset.stop;
    else for (const [name, value] of Object.entries(values())) form.elements[name].value = value;
    says.textContent = board.dataset.saving;
    sent = true;
    sessionStorage.setItem(MOVED, stop.dataset.stop);
    form.requestSubmit();
  };
  const shift = (column, from, minutes) => {
    at.column = Math.min(Math.max(column, 0), columns.length - 1);
    at.minutes = Math.min(Math.max(minutes, STEP), closes - opens);
    const overnight = closes === DAY && at.minutes <= NIGHT;
    at.from = Math.min(Math.max(from, opens), overnight ? DAY - 1 : closes - at.minutes);
  };

  let dragged = false;
  link.draggable = false;
  link.addEventListener("click", (event) => dragged && event.preventDefault());
  link.addEventListener("dragstart", (event) => event.preventDefault());
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      if (at) return drop();
      pick();
      says.textContent = board.dataset.picked;
      return;
    }
    if (!at) return;
    const way = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const swaps = event.key.toLowerCase() === "s" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (way) target(null);
    if (event.key === "Escape") leave(true);
    else if (swaps) next();
    else if (event.key === "Enter") drop();
    else if (way && event.shiftKey) shift(at.column, at.from, at.minutes + way[1]);
    else if (way) shift(at.column + way[0], at.from + way[1], at.minutes);
    else return;
    event.preventDefault();
    if (at && (way || swaps)) show();
  });
  link.addEventListener("blur", () => {
    if (at && !pointer && !sent) leave(false);
  });

  let pointer = null;
  stop.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || at || !matchMedia("(min-width: 48rem)").matches) return;
    dragged = false;
    pointer = { x: event.clientX, y: event.clientY, edge: event.target.closest("[data-edge]") !== null, far: false };
    stop.setPointerCapture(event.pointerId);
  });
  stop.addEventListener("pointermove", (event) => {
    if (!pointer) return;
    const [right, down] = [event.clientX - pointer.x, event.clientY - pointer.y];
    if (!pointer.far && Math.hypot(right, down) < FAR) return;
    if (!pointer.far) {
      pointer.far = true;
      pick();
      document.addEventListener("keydown", escape, true);
    }
    const before = JSON.stringify([at, other?.dataset.stop]);
    const by = Math.round(down / MINUTE / STEP) * STEP;
    if (pointer.edge) shift(home.column, home.from, Math.round((home.minutes + by) / STEP) * STEP);
    else {
      shift(columnAt(event.clientX, columns, home.column), home.from + by, home.minutes);
      target(stopAt(event, stop));
    }
    if (JSON.stringify([at, other?.dataset.stop]) !== before) show();
  });
  const finish = (dropped) => {
    if (!pointer) return;
    const far = pointer.far;
    pointer = null;
    document.removeEventListener("keydown", escape, true);
    if (!far) return;
    dragged = true; // the click that ends a drag follows no link
    if (dropped) drop();
    else leave(true);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish(false);
  };
  stop.addEventListener("pointerup", () => finish(true));
  stop.addEventListener("pointercancel", () => finish(false));
}

function columnAt(x, columns, otherwise) {
  const found = columns.findIndex((column) => {
    const box = column.getBoundingClientRect();
    return x >= box.left && x < box.right;
  });
  return found < 0 ? otherwise : found;
}

function stopAt(event, held) {
  const under = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest(".board-stop"));
  return under.find((one) => one && one !== held && "movable" in one.dataset) ?? null;
}

// What the time would hit, asked for when the hand rests; shown and read out before anything is saved.
let pause;
let asked = 0;
function hush() {
  clearTimeout(pause);
  asked += 1;
  warns.replaceChildren();
}
function check(address, where, values) {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const mine = ++asked;
    const url = new URL(address, location.href);
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
    const answer = await fetch(url).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const { words, sentences, refused, reason } = await answer.json();
    const why = where.parentElement.querySelector("[data-reason]");
    if (why && reason) why.hidden = false;
    const verdict = document.createElement("p");
    verdict.textContent = words;
    if (refused) verdict.className = "ds-validation-message";
    const list = document.createElement("ul");
    list.className = "conflicts";
    for (const sentence of sentences) {
      const item = document.createElement("li");
      item.textContent = sentence;
      list.append(item);
    }
    where.replaceChildren(...(sentences.length ? [verdict, list] : [verdict]));
  }, 200);
}

// The same under the forms in which day, times, person, place or the stop to swap with are typed or chosen.
for (const form of document.querySelectorAll("form[data-checks]")) {
  const where = form.querySelector("[data-conflicts-here]");
  const look = () => {
    const values = {};
    for (const name of ["on", "starts", "ends", "host", "contact", "place", "other"]) {
      if (form.elements[name]) values[name] = form.elements[name].value;
    }
    if (form.elements.splits) values.splits = form.elements.splits.checked ? "yes" : "";
    if (values.other || (values.on && values.starts && values.ends)) check(form.dataset.checks, where, values);
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  if (form.elements.other) form.elements.other.addEventListener("focus", look); // the first one is chosen already
}
