// Zoom and pan: how large the picture is drawn, in a box that scrolls.

const LEGIBLE = 0.6; // a picture that fits only when it is drawn smaller than this is shown in parts
const LARGEST = 8;
const STEP = 1.4;
const LAYER = 500; // a picture of more parts is laid in layers
const CELL = 800; // how wide and high a layer is, about
const MARGIN = 40; // for what is written beside a part later
const IN_FRAME = 560; // how high the box may be in a frame, whose own height follows it

/** Put the picture on a sheet, which has its size. */
function sheetOf(svg) {
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  svg.removeAttribute("style");
  svg.before(sheet);
  const [paper, ...parts] = svg.querySelector("g").children;
  const layers = parts.length > LAYER ? layered(svg, paper.parentNode, gathered(parts)) : [];
  sheet.append(svg, ...layers);
  return sheet;
}

/** Lay a large picture in layers by place: the browser paints again only those that have changed or come into sight. */
function layered(svg, graph, places) {
  const { e: right, f: down } = graph.transform.baseVal.consolidate().matrix;
  const whole = svg.viewBox.baseVal;
  const [across, along] = [100 / whole.width, 100 / whole.height];
  return places.map(({ parts, box }) => {
    const [layer, group] = [svg.cloneNode(false), graph.cloneNode(false)];
    layer.setAttribute("role", "presentation");
    layer.removeAttribute("aria-label");
    group.removeAttribute("id");
    group.append(...parts);
    layer.append(group);
    const [x, y, width, height] = [box.left + right, box.top + down, box.right - box.left, box.bottom - box.top].map(Math.round); // crisp
    layer.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    const place = { left: (x - whole.x) * across, top: (y - whole.y) * along, width: width * across, height: height * along };
    for (const [name, percent] of Object.entries(place)) layer.style[name] = `${percent}%`;
    return layer;
  });
}

/** Gather parts of the picture by their place; long ones, which are in many places, come first. */
function gathered(parts) {
  const boxes = new Map(parts.map((part) => [part, part.getBBox()]));
  const isLong = (part) => Math.max(boxes.get(part).width, boxes.get(part).height) > CELL;
  const long = parts.filter(isLong);
  const layers = [];
  for (let i = 0; i < long.length; i += LAYER) layers.push(long.slice(i, i + LAYER));
  const near = new Map();
  for (const part of parts) {
    if (isLong(part)) continue;
    const place = [boxes.get(part).x, boxes.get(part).y].map((at) => Math.floor(at / CELL)).join(" ");
    if (!near.has(place)) near.set(place, []);
    near.get(place).push(part);
  }
  return [...layers, ...near.values()].map((layer) => ({ parts: layer, box: around(layer.map((part) => boxes.get(part))) }));
}

const around = (boxes) => ({
  left: Math.min(...boxes.map((box) => box.x)) - MARGIN,
  top: Math.min(...boxes.map((box) => box.y)) - MARGIN,
  right: Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN,
  bottom: Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN,
});

export class View {
  constructor(svg) {
    this.box = svg.parentNode;
    this.sheet = sheetOf(svg);
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
