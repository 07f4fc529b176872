// Asks every few seconds whether the code on this page was paid, and then leads on. Without JavaScript the link does it.
const place = document.querySelector("[data-wait]");
if (place) {
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.wait, { headers: { Accept: "application/json" } });
        const { received } = await answer.json();
        if (received) return location.assign(received);
      } catch {
        // Offline for a moment, as one is who waits for the internet.
      }
    }
    setTimeout(ask, 3000);
  };
  setTimeout(ask, 3000);
}
