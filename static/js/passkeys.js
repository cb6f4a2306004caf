// Ask the browser for a passkey and send what it gives. Before this file is there, the button would do nothing.
for (const button of document.querySelectorAll("[data-passkey]")) {
  button.addEventListener("click", async () => {
    const options = JSON.parse(document.getElementById("passkey-data").textContent);
    try {
      const given =
        button.dataset.passkey === "create"
          ? await webauthnJSON.create(options.creation_options)
          : await webauthnJSON.get(options.request_options);
      button.form.elements.credential.value = JSON.stringify(given);
      button.form.submit();
    } catch {
      document.getElementById("passkey-failed").hidden = false;
    }
  });
  button.disabled = false;
}
