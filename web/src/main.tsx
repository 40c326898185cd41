import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { SessionGate } from './api/session.tsx';
import { preferredLanguage, setLanguage } from './i18n/i18n.ts';
import { AskHost } from './parts/ask.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme.ts';

// The page's policy lets in only style sheets that carry what the server wrote into this page.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

// A language whose texts cannot be loaded is no reason to show nothing.
await setLanguage(preferredLanguage()).catch(() => setLanguage('en'));

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce} deduplicateInlineStyles={false}>
    <Notifications position="bottom-right" limit={4} />
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <Shell />
      </SessionGate>
      <AskHost />
    </QueryClientProvider>
  </MantineProvider>,
);
