// data-timer counts so many seconds down from the first tick of a box: a hint, nothing stops at zero.
const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function start(place) {
  const ends = Date.now() + Number(place.dataset.timer) * 1000;
  place.hidden = false;
  const beat = () => {
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    place.textContent = shown(left);
    if (left === 0) clearInterval(beating);
  };
  const beating = setInterval(beat, 1000);
  beat();
}

export function timers() {
  const place = document.querySelector('[data-timer]');
  if (!place) return;
  document.addEventListener('change', () => start(place), { once: true });
}
