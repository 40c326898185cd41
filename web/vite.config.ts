import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite web` shows the page with changes at once, over the API of a daemon that runs. */
const DAEMON = process.env.NETXFW_WEB ?? 'http://127.0.0.1:11811';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Pages are served from this host: a polyfill would only be more to load.
    modulePreload: { polyfill: false },
    // A font or picture inside of a style sheet would need data: in the page's policy.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { '/api': { target: DAEMON, changeOrigin: true }, '/version': { target: DAEMON, changeOrigin: true } },
  },
});
