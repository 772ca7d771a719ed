// Zoom and pan: how large the picture is drawn, in a box that scrolls.

const LEGIBLE = 0.6; // a picture that fits only when it is drawn smaller than this is shown in parts
const LARGEST = 8;
const STEP = 1.4;
const LAYER = 1000; // parts of the picture that are painted together
const IN_FRAME = 560; // how high the box may be in a frame, whose own height follows it

/** Lay a large picture in layers over each other: the browser paints again only those that have changed. */
function layered(svg) {
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  svg.removeAttribute("style"); // in layers the sheet has the size
  svg.before(sheet);
  sheet.append(svg);
  const graph = svg.querySelector("g");
  const others = [...graph.children].slice(LAYER);
  for (let i = 0; i < others.length; i += LAYER) {
    const [layer, parts] = [svg.cloneNode(false), graph.cloneNode(false)];
    layer.setAttribute("role", "presentation");
    layer.removeAttribute("aria-label");
    parts.removeAttribute("id");
    parts.append(...others.slice(i, i + LAYER));
    layer.append(parts);
    sheet.append(layer);
  }
  return sheet;
}

export class View {
  constructor(svg) {
    this.box = svg.parentNode;
    this.sheet = layered(svg);
    const [, , width, height] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    this.size = { width, height };
    this.natural = Number(svg.getAttribute("width")) / width; // pixels of the page in a unit of the picture
    this.measure();
    window.addEventListener("resize", () => this.measure());
    this.box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.box.addEventListener("pointerdown", (event) => this.grab(event));
    this.box.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, () => (this.grabbed = null));
  }

  /** Fit the picture into the page; one that is too large for that is seen from near. */
  measure() {
    const width = this.box.clientWidth;
    if (!width) return; // not shown yet
    const tallest = window === window.parent ? 0.7 * window.innerHeight : IN_FRAME;
    const wasWhole = this.scale === this.fitting;
    this.fitting = Math.min(this.natural, width / this.size.width, tallest / this.size.height);
    const first = this.fitting < LEGIBLE ? 1 : this.fitting;
    if (!this.scale) this.scale = first;
    else if (wasWhole) this.scale = this.fitting;
    this.box.style.height = `${Math.min(tallest, this.size.height * first)}px`;
    this.apply();
  }

  get isWhole() {
    return this.scale <= this.fitting;
  }

  apply() {
    this.scale = Math.min(LARGEST, Math.max(this.fitting, this.scale));
    this.sheet.style.width = `${this.size.width * this.scale}px`;
    this.sheet.style.height = `${this.size.height * this.scale}px`;
    this.box.classList.toggle("near", !this.isWhole);
  }

  /** Zoom by a factor; the point that is so many pixels from the box's corner stays where it is. */
  zoom(factor, right = this.box.clientWidth / 2, down = this.box.clientHeight / 2) {
    const [before, box] = [this.sheet.getBoundingClientRect(), this.box.getBoundingClientRect()];
    const across = (box.left + right - before.left) / before.width;
    const along = (box.top + down - before.top) / before.height;
    this.scale *= factor;
    this.apply();
    const after = this.sheet.getBoundingClientRect();
    this.pan(after.left + across * after.width - box.left - right, after.top + along * after.height - box.top - down);
  }

  closer() {
    this.zoom(STEP);
  }

  farther() {
    this.zoom(1 / STEP);
  }

  fit() {
    this.scale = this.fitting;
    this.apply();
  }

  /** See what is so many pixels to the right and below. */
  pan(right, down) {
    this.box.scrollBy({ left: right, top: down, behavior: "instant" });
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // it scrolls
    event.preventDefault();
    const box = this.box.getBoundingClientRect();
    this.zoom(event.deltaY > 0 ? 1 / 1.2 : 1.2, event.clientX - box.left, event.clientY - box.top);
  }

  grab(event) {
    if (event.pointerType === "mouse" && !this.isWhole) this.grabbed = { x: event.clientX, y: event.clientY };
  }

  drag(event) {
    if (!this.grabbed) return;
    const [right, down] = [this.grabbed.x - event.clientX, this.grabbed.y - event.clientY];
    if (!this.box.hasPointerCapture(event.pointerId)) {
      if (Math.hypot(right, down) < 4) return; // a click
      this.box.setPointerCapture(event.pointerId); // from here on it is no click on a gate
    }
    this.grabbed = { x: event.clientX, y: event.clientY };
    this.pan(right, down);
  }

  /** Bring a part into sight when it is outside of what is seen. */
  follow(part) {
    if (!part || this.isWhole) return;
    const [it, box] = [part.getBoundingClientRect(), this.box.getBoundingClientRect()];
    if (it.left >= box.left && it.right <= box.right && it.top >= box.top && it.bottom <= box.bottom) return;
    this.pan((it.left + it.right - box.left - box.right) / 2, (it.top + it.bottom - box.top - box.bottom) / 2);
  }
}
