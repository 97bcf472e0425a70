// Several rows at once: data-tick-all ticks every data-tick box of the page, data-tick-alike those of
// the same data-pair; data-ticked says how many are ticked.
const boxes = () => [...document.querySelectorAll('[data-tick]')];

function tell() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  for (const place of document.querySelectorAll('[data-ticked]')) place.textContent = ticked;
  for (const whole of document.querySelectorAll('[data-tick-all]')) {
    whole.checked = ticked > 0 && ticked === all.length;
    whole.indeterminate = ticked > 0 && ticked < all.length;
  }
}

// Pressed again it takes the ticks away.
function turn(some) {
  const isOn = !some.every((box) => box.checked);
  for (const box of some) box.checked = isOn;
  tell();
}

export function ticks() {
  if (!boxes().length) return;
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-tick-all]')) turn(boxes());
    else if (event.target.matches('[data-tick]')) tell();
  });
  document.addEventListener('click', (event) => {
    const alike = event.target.closest('[data-tick-alike]');
    if (alike) turn(boxes().filter((box) => box.dataset.pair === alike.dataset.tickAlike));
  });
  // The browser brings ticks back on reload and on the way back.
  window.addEventListener('pageshow', tell);
}
