/** Which TensorFlow.js backend to train on; `auto` takes the best that loads. */
export type BackendChoice = 'auto' | 'node' | 'wasm' | 'cpu';
