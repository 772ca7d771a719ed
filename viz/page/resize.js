// In a notebook the page is in a frame, which gets the height of the page.
if (window !== window.parent) {
  new ResizeObserver(() => {
    window.parent.postMessage({ chainruleHeight: document.documentElement.scrollHeight }, "*");
  }).observe(document.querySelector(".page"));
}
