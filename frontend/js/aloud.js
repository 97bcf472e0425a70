// data-read-aloud="id" reads that part of the page aloud; pressed again, it stops. Where the
// browser has no voice, the button stays hidden.
function speak(part) {
  const utterance = new SpeechSynthesisUtterance(part.innerText);
  utterance.lang = document.documentElement.lang === 'en' ? 'en' : 'zh-CN';
  utterance.rate = 0.9;
  window.speechSynthesis.speak(utterance);
}

export function readAloud() {
  if (!('speechSynthesis' in window)) return;
  document.documentElement.classList.add('has-voice');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-read-aloud]');
    if (!button) return;
    const wasSpeaking = window.speechSynthesis.speaking;
    window.speechSynthesis.cancel();
    if (!wasSpeaking) speak(document.getElementById(button.dataset.readAloud));
  });
}
