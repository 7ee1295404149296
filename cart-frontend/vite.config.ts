import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: {
    // The page lives under `default-src 'self'`, which forbids data: URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: { input: ['index.html', 'status.html'] },
  },
  server: {
    // `npm run serve` starts the in-memory store on this port; `./dynamokv demo` uses 8080.
    proxy: { '/api': process.env['DYNAMOKV_API'] ?? 'http://localhost:4180' },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
  },
});
