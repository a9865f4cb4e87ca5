import { createRequire } from 'node:module';
import type { BackendChoice } from './backend-choice.js';

const NATIVE = '@tensorflow/tfjs-node';

/**
 * Name of the backend that a training would run on: what `/health/ready` reports. Only the native library is loaded to
 * find out; the others are looked for, so that this thread stays without TensorFlow.js.
 */
export async function availableBackend(choice: BackendChoice): Promise<string> {
  if (choice === 'auto' || choice === 'node') {
    try {
      await import(NATIVE);
      return 'tensorflow';
    } catch {
      if (choice === 'node') return 'none: @tensorflow/tfjs-node does not load';
    }
  }
  return choice === 'cpu' || !isInstalled('@tensorflow/tfjs-backend-wasm') ? 'cpu' : 'wasm';
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
