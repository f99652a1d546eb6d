// A page inside a frame of another origin gets no autofocus from the browser.
document.querySelector("[data-focus]")?.focus();
