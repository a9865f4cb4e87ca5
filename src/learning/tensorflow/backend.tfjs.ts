import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendChoice } from './backend-choice.js';

export type { BackendChoice };

/** The native library's package. Named apart, since it is optional: the compiler must not look for it. */
const NATIVE = '@tensorflow/tfjs-node';

/**
 * Makes a TensorFlow.js backend ready in this thread and gives its name: `auto` takes the native library when it loads,
 * else WASM (with SIMD where the machine has it), else plain JavaScript. A backend that was asked for by name and does
 * not load throws.
 */
export async function readyBackend(choice: BackendChoice): Promise<string> {
  const tries: Record<BackendChoice, readonly (() => Promise<boolean>)[]> = {
    auto: [native, wasm, cpu],
    node: [native],
    wasm: [wasm],
    cpu: [cpu],
  };
  for (const attempt of tries[choice]) {
    if (await attempt()) {
      await tf.ready();
      return tf.getBackend();
    }
  }
  throw new Error(`The TensorFlow.js backend "${choice}" cannot be loaded: set NBA_TENSORFLOW=auto`);
}

async function native(): Promise<boolean> {
  try {
    await import(NATIVE);
    return await tf.setBackend('tensorflow');
  } catch {
    return false; // absent, or present without its library: only loading it tells
  }
}

let wasmPathsAreSet = false;

async function wasm(): Promise<boolean> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  if (!wasmPathsAreSet) setWasmPaths(dirname(entry) + sep);
  wasmPathsAreSet = true;
  return tf.setBackend('wasm');
}

async function cpu(): Promise<boolean> {
  await import('@tensorflow/tfjs-backend-cpu');
  return tf.setBackend('cpu');
}
