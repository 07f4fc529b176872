/* Copies the Pix code, and asks every few seconds whether the network is open. Written for the mini-browsers that phones
   open by themselves: no modules, no promises. Without it the page has links that do the same. */
(function () {
  "use strict";
  var EVERY = 3000, SLOWLY = 15000, PATIENCE = 10 * 60 * 1000, READING = 12000;

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  function copied(field) {
    field.focus();
    field.setSelectionRange(0, field.value.length);
    try { return document.execCommand("copy"); } catch (e) { return false; }
  }

  each("[data-copy]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (copied(document.getElementById(button.getAttribute("data-copy")))) {
        button.textContent = button.getAttribute("data-done");
      }
    });
  });

  var place = document.querySelector("[data-network]");
  if (!place) { return; }
  var seen = place.getAttribute("data-network"), begun = new Date().getTime();

  function later() {
    setTimeout(ask, new Date().getTime() - begun < PATIENCE ? EVERY : SLOWLY);
  }

  function out() { window.location.replace(place.getAttribute("data-out")); }

  /* Who has an answer before him reads it first: its protocol number is on no other page. */
  function open() {
    if (!place.getAttribute("data-answer")) { out(); return; }
    each("[data-until-open]", function (part) { part.hidden = true; });
    each("[data-when-open]", function (part) { part.hidden = false; });
    setTimeout(out, READING);
  }

  function heard(network) {
    if (!network || network === seen) { later(); }
    else if (network === "open") { open(); }
    else if (network === "unknown") { later(); }
    else { window.location.reload(); }
  }

  function ask() {
    var call = new XMLHttpRequest();
    call.open("GET", place.getAttribute("data-state"), true);
    call.timeout = 8000;
    call.onload = function () {
      var network = "";
      try { network = JSON.parse(call.responseText).network; } catch (e) { network = ""; }
      heard(network);
    };
    call.onerror = call.ontimeout = later;
    call.send();
  }

  later();
}());
