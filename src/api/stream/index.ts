export { StreamController } from './stream.controller.js';
