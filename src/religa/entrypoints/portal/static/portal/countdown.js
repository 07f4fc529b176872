// Counts down to the instant that the page has already said in words. The server's clock counts, not the phone's.
const place = document.querySelector("[data-until]");
if (place) {
  const until = Date.parse(place.dataset.until);
  const began = performance.now();
  const now = Date.parse(place.dataset.now);
  const said = (number, unit) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(number);
  const tick = () => {
    const left = Math.floor((until - now - (performance.now() - began)) / 1000);
    if (left <= 0) {
      place.textContent = place.dataset.over;
      return;
    }
    const days = Math.floor(left / 86400), hours = Math.floor((left % 86400) / 3600), minutes = Math.floor((left % 3600) / 60);
    const units = [[days, "day"], [hours, "hour"], [minutes, "minute"], [left % 60, "second"]];
    const first = units.findIndex(([number]) => number > 0);
    const parts = units.slice(first, first + 2).filter(([number]) => number > 0).map(([number, unit]) => said(number, unit));
    place.textContent = `${place.dataset.left} ${parts.join(", ")}.`;
    setTimeout(tick, days || hours ? 15000 : 1000);
  };
  place.hidden = false;
  tick();
}
