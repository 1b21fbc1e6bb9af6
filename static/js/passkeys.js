// The browser's part of a passkey: registering one, logging in with it, confirming with it.
(() => {
  const given = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const created = (form) => {
    const options = given().creation_options;
    const isAlone = form.elements.passwordless.checked;
    const choice = options.publicKey.authenticatorSelection;
    choice.residentKey = isAlone ? "required" : "discouraged";
    choice.requireResidentKey = isAlone;
    return webauthnJSON.create(options);
  };

  const shown = async (form) => {
    if (document.getElementById("passkey-options")) return webauthnJSON.get(given().request_options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return webauthnJSON.get((await answer.json()).request_options);
  };

  if (!webauthnJSON.supported()) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const credential = await (form.dataset.passkey === "create" ? created : shown)(form);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
