// Small comforts only: every page does its work without this file.
import "./board.js";
import "./typed.js";

// An error summary is where the reader should start.
document.querySelector("[data-error-summary]")?.focus();

// A button that was pressed once says so, and a second press does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  }
});
// Coming back with the browser's Back button makes the form usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// "Copy" beside a secret link that is shown once. The button is hidden where there is no script.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.textContent = button.dataset.copied;
  });
}

// "Print this page": the browser's own menu does the same.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Characters left in a long answer, said politely to screen readers when typing pauses.
for (const box of document.querySelectorAll("textarea[maxlength][data-left]")) {
  const left = document.createElement("p");
  left.className = "hint";
  left.setAttribute("aria-live", "polite");
  box.after(left);
  let pause;
  const tell = () => {
    left.textContent = box.dataset.left.replace("{n}", String(box.maxLength - box.value.length));
  };
  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(tell, 700);
  });
}

// Escape closes what a calendar shows of the stop under the pointer or the keyboard; leaving the stop opens it again.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const entry of document.querySelectorAll(".entry[data-whole]:is(:hover, :focus)")) {
    entry.dataset.closed = "";
    const reopen = () => delete entry.dataset.closed;
    entry.addEventListener("pointerleave", reopen, { once: true });
    entry.addEventListener("blur", reopen, { once: true });
  }
});
