// Lets the page be put on the phone's first screen. The worker keeps only what is the same for everybody.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(document.currentScript.dataset.worker).catch(() => {});
}
