// Sends the requests of the reference page, with the key typed there and no cookie.
const key = document.getElementById("api-key");

for (const form of document.querySelectorAll(".api-try")) {
  const button = form.querySelector("button");
  const output = form.querySelector("pre");
  const body = form.querySelector("[data-body]");
  button.disabled = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (path.includes(`{${name}}`)) {
        path = path.replace(`{${name}}`, encodeURIComponent(value));
      } else if (value) {
        query.set(name, value);
      }
    }
    const url = query.size ? `${path}?${query}` : path;
    button.disabled = true;
    output.hidden = false;
    try {
      const response = await fetch(url, {
        method: form.dataset.method,
        credentials: "omit",
        headers: { Authorization: `Bearer ${key.value}`, "Content-Type": "application/json" },
        body: body?.value,
      });
      const text = await response.text();
      output.textContent = `${response.status} ${response.statusText}\n${pretty(text)}`;
    } catch (error) {
      output.textContent = String(error);
    }
    button.disabled = false;
  });
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
