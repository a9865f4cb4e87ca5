import { pushKey, registerDevice, removeDevice } from './api/desk';
import type { PushDevice } from './api/shapes';
import type { Language } from './language';

/** Rings on this device: the browser's subscription, and that the service knows it as the member's. */
const WORKER = '/service-worker.js';
const STORED = 'nba-push-device';

export interface DeviceChoice {
  language: Language;
  /** Whether a notification says what it is about. */
  detailed: boolean;
}

/** `insecure`: only pages over TLS may ring. `denied`: the person has told the browser never to. */
export type PushAbility = 'able' | 'insecure' | 'unable' | 'denied';

export function pushAbility(): PushAbility {
  if (!window.isSecureContext) return 'insecure';
  const isAble = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  if (!isAble) return 'unable';
  return Notification.permission === 'denied' ? 'denied' : 'able';
}

/** Id of this browser's own registration, where it has one. */
export function ownDevice(): string | null {
  return window.localStorage.getItem(STORED);
}

/** Asks for permission, subscribes and registers. Null when the person said no. */
export async function ringHere(choice: DeviceChoice): Promise<PushDevice | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null;
  const worker = await navigator.serviceWorker.register(WORKER);
  await navigator.serviceWorker.ready;
  const device = await registerDevice(await subscription(worker), { ...choice, device: deviceName() });
  window.localStorage.setItem(STORED, device.subscriptionId);
  return device;
}

/** A subscription of the browser can end by itself: where this one was on, it is made anew without asking. */
export async function keepRinging(known: readonly PushDevice[], language: Language): Promise<boolean> {
  const own = known.find(({ subscriptionId }) => subscriptionId === ownDevice());
  if (!own || pushAbility() !== 'able' || Notification.permission !== 'granted') return false;
  const worker = await navigator.serviceWorker.getRegistration();
  if (await worker?.pushManager.getSubscription()) return false;
  await ringHere({ language, detailed: own.detailed });
  return true;
}

/** Nothing rings here any more. */
export async function ringNoMore(): Promise<void> {
  const own = ownDevice();
  window.localStorage.removeItem(STORED);
  if ('serviceWorker' in navigator) {
    const worker = await navigator.serviceWorker.getRegistration();
    await (await worker?.pushManager.getSubscription())?.unsubscribe();
  }
  if (own !== null) await removeDevice(own);
}

/** One that is bound to another key, as after the service was set up anew, is of no use. */
async function subscription(worker: ServiceWorkerRegistration): Promise<PushSubscription> {
  const key = bytesOf((await pushKey()).publicKey);
  const known = await worker.pushManager.getSubscription();
  if (known && isSame(known.options.applicationServerKey, key)) return known;
  await known?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = window.atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function isSame(one: ArrayBuffer | null, other: Uint8Array): boolean {
  const bytes = new Uint8Array(one ?? new ArrayBuffer(0));
  return bytes.length === other.length && bytes.every((byte, place) => byte === other[place]);
}

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'Mac'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];

/** Such as "Chrome, Android": so that she knows which one to remove. */
function deviceName(): string {
  const { userAgent } = navigator;
  const nameIn = (known: readonly [RegExp, string][]): string[] =>
    known.filter(([pattern]) => pattern.test(userAgent)).map(([, name]) => name);
  return [nameIn(BROWSERS)[0], nameIn(SYSTEMS)[0]].filter(Boolean).join(', ') || 'Browser';
}
