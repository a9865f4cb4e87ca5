import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: './web/openapi.json',
  output: { path: 'web/src/api/client' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
