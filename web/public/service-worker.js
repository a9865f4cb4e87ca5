/**
 * Rings when something comes for the member who registered this browser, and opens it when it is tapped. It keeps nothing
 * and answers no requests of the desk.
 */
const words = {
  en: {
    dir: 'ltr',
    alert: 'A new alert',
    task: 'A new task',
    test: 'Alerts ring on this device.',
    open: 'Open the desk to see what it is about.',
  },
  fa: {
    dir: 'rtl',
    alert: 'هشدار تازه',
    task: 'کار تازه',
    test: 'هشدارها روی این دستگاه زنگ می‌زنند.',
    open: 'برای دیدن آن، میز کار را باز کنید.',
  },
};

const pages = {
  alert: (id) => `/alerts/${encodeURIComponent(id)}`,
  task: (id) => `/tasks/${encodeURIComponent(id)}`,
  test: () => '/settings',
};

/** What came, as far as it can be understood: a push that shows nothing costs us the permission to ring. */
function noteIn(data) {
  try {
    const { kind, id, language, title } = data.json();
    if (kind in pages && typeof id === 'string') return { kind, id, language, title };
  } catch (cause) {
    console.warn('A push could not be read.', cause);
  }
  return { kind: 'alert', id: '', language: 'en' };
}

function ring({ kind, id, language, title }) {
  const said = words[language] ?? words.en;
  const head = kind === 'test' || !title ? said[kind] : title;
  return self.registration.showNotification(head, {
    body: kind === 'test' ? '' : title ? said[kind] : said.open,
    lang: language in words ? language : 'en',
    dir: said.dir,
    icon: '/icon-192.png',
    // what is repeated takes the place of the first, and does not ring again
    tag: `${kind}:${id}`,
    data: { page: id === '' ? '/alerts' : pages[kind](id) },
  });
}

/** In the desk that is open, if there is one: it need not be loaded again. */
async function open(page) {
  const url = new URL(page, self.location.origin).href;
  const desks = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const desk of desks) {
    if (new URL(desk.url).origin !== self.location.origin) continue;
    desk.postMessage({ open: page });
    return desk.focus();
  }
  return self.clients.openWindow(url);
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => event.waitUntil(ring(noteIn(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.page ?? '/alerts'));
});
