for (const image of document.querySelectorAll('img[data-chainrule="NAME"]:not([data-alive])')) {
  image.dataset.alive = "";
  const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (letter) => letter.charCodeAt(0));
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.title = image.alt;
  frame.style.cssText = `display:block;width:100%;border:0;height:${Math.min(image.height, 560) + 260}px`;
  window.addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.data.chainruleHeight) {
      frame.style.height = `${event.data.chainruleHeight}px`;
    }
  });
  frame.srcdoc = "PAGE".replace("PICTURE", () => new TextDecoder().decode(bytes));
  image.after(frame);
  image.style.display = "none";
}
