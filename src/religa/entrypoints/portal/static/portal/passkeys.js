// Makes or uses a passkey, and sends what the device has signed as an ordinary form. Without JavaScript there is the code.
const codec = window.PublicKeyCredential;
if (codec && codec.parseRequestOptionsFromJSON && codec.prototype.toJSON) {
  for (const without of document.querySelectorAll("[data-without-passkeys]")) without.hidden = true;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.querySelector("button").addEventListener("click", async () => {
      try {
        const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
        const options = await (await fetch(form.dataset.options, { method: "POST", body })).json();
        const credential = form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: codec.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: codec.parseRequestOptionsFromJSON(options) });
        form.elements.resposta.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch {
        form.querySelector("[role=alert]").hidden = false;
      }
    });
  }
}
