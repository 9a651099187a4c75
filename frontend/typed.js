// What was typed stays when the language is switched: kept in this tab for the one page that follows, then gone.
const NEVER = ["hidden", "password", "file", "submit", "button"];
const boxes = () =>
  [...document.querySelectorAll("main input[name], main textarea[name], main select[name]")].filter(
    (box) => !NEVER.includes(box.type),
  );
const isTicked = (box) => box.type === "checkbox" || box.type === "radio";
const hasChanged = (box) => {
  if (isTicked(box)) return box.checked !== box.defaultChecked;
  if (box.options) return [...box.options].some((option) => option.selected !== option.defaultSelected);
  return box.value !== box.defaultValue;
};
const valueOf = (box) => {
  if (isTicked(box)) return box.checked;
  return box.multiple ? [...box.selectedOptions].map((option) => option.value) : box.value;
};
const fill = (box, value) => {
  if (isTicked(box)) box.checked = value;
  else if (box.multiple) for (const option of box.options) option.selected = value.includes(option.value);
  else box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => {
    const typed = boxes();
    if (!typed.some(hasChanged)) return;
    const kept = typed.map((box) => [box.name, valueOf(box)]);
    sessionStorage.setItem(`typed ${new URL(link.href).pathname}`, JSON.stringify(kept));
  });
}

const key = `typed ${location.pathname}`;
const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
sessionStorage.removeItem(key);
// The same fields in the same order, or nothing: a value never lands in another field.
const empty = kept.length ? boxes() : [];
if (kept.length && empty.length === kept.length && empty.every((box, at) => box.name === kept[at][0])) {
  empty.forEach((box, at) => fill(box, kept[at][1]));
}
