// Switches notices on in this browser: asks its owner, subscribes, and sends the subscription as an ordinary form.
const octets = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const subscribe = async (key) => {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: octets(key) };
  try {
    return await pushManager.subscribe(options);
  } catch (fault) {
    // One that was made with another key is in the way.
    const former = await pushManager.getSubscription();
    if (!former) throw fault;
    await former.unsubscribe();
    return pushManager.subscribe(options);
  }
};

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  for (const without of document.querySelectorAll("[data-without-push]")) without.hidden = true;
  for (const form of document.querySelectorAll("[data-push]")) {
    form.hidden = false;
    form.querySelector("button").addEventListener("click", async () => {
      try {
        if (await Notification.requestPermission() !== "granted") throw new Error("not permitted");
        form.elements.inscricao.value = JSON.stringify(await subscribe(form.dataset.push));
        form.submit();
      } catch {
        form.querySelector("[role=alert]").hidden = false;
      }
    });
  }
}
