// Keeps the pages of inspections that were opened, for when there is no network. Nothing else is
// kept, and what comes from the network always stands over what is kept.
const CACHE = 'sujin-walk-1';
const WALK = /^\/inspections\/\d+\/walk$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if (!event.data?.keep) return;
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(event.data.keep)));
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin && event.request.method === 'GET';
  if (!isOurs || !(WALK.test(url.pathname) || url.pathname.startsWith('/static/'))) return;
  event.respondWith(answered(event.request));
});

async function answered(request) {
  try {
    const fresh = await fetch(request);
    const isWalk = WALK.test(new URL(request.url).pathname);
    if (isWalk && fresh.ok && !fresh.redirected) {
      const copy = fresh.clone();
      caches.open(CACHE).then((cache) => cache.put(request, copy));
    }
    return fresh;
  } catch (problem) {
    const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true });
    if (kept) return kept;
    throw problem;
  }
}
