// The unread count where it is visible from other tabs: in the title and on the icon. Also
// wherever a page has [data-count].

const RED = "#c62828";
let latest;
let plain; // the URL of the icon without a count
let drawing; // its SVG, once needed

export function showCount(badge) {
  latest = badge;
  document.title = document.title.replace(/^(\(\d+\+?\) )?/, badge && `(${badge}) `);
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = badge;
    count.hidden = !badge;
  }
  const icon = document.querySelector('link[rel=icon][type="image/svg+xml"]');
  if (icon) showOn(icon, badge);
}

async function showOn(icon, badge) {
  plain ??= icon.href;
  if (!badge) return (icon.href = plain);
  drawing ??= fetch(plain).then((response) => response.text(), () => "");
  const svg = await drawing;
  const size = Number(svg.match(/viewBox="0 0 (\d+)/)?.[1]);
  if (!size || badge !== latest) return;
  const text = badge.length > 2 ? "…" : badge; // more digits would be illegible
  const count =
    `<g transform="scale(${size / 32})"><circle cx="21" cy="21" r="11" fill="${RED}"/>` +
    `<text x="21" y="26.5" font-family="sans-serif" font-size="15" font-weight="bold" text-anchor="middle" fill="#fff">${text}</text></g>`;
  icon.href = `data:image/svg+xml,${encodeURIComponent(svg.replace("</svg>", `${count}</svg>`))}`;
}
