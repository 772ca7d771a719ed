// In a notebook the page is in a frame, which gets the height of the page.
if (window !== window.parent) {
  new ResizeObserver(() => {
    const { height } = document.documentElement.getBoundingClientRect();
    window.parent.postMessage({ chainruleHeight: Math.ceil(height) }, "*");
  }).observe(document.querySelector(".page"));
}
