import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect, useRef } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { followTraffic } from '../api/traffic.ts';
import { useT } from '../i18n/i18n.ts';
import { CenteredLoader } from '../parts/states.tsx';
import { ROUTES } from '../routes.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { NotFound } from './not-found.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { PendingBanner } from './pending-banner.tsx';
import { Preferences } from './preferences.tsx';

/** What surrounds every page. */
export function Shell() {
  const t = useT();
  const [opened, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(location);

  useEffect(followTraffic, []);
  // Who follows a link by keyboard or ear goes on in the new page, not in the navigation.
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [location]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip-link" href="#main">
        {t('nav.skip')}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={t(opened ? 'nav.close' : 'nav.open')}
            />
            <Logo />
            <Text fw={700} size="lg" component="span">
              netxfw
            </Text>
          </Group>
          <Preferences />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label={t('nav.label')}>
        <Navigation onChoose={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <ConnectionBanner />
        <PendingBanner />
        <PageBoundary key={location}>
          <Suspense fallback={<CenteredLoader />}>
            <Switch>
              {ROUTES.map(({ path, page }) => (
                <Route key={path} path={path} component={page} />
              ))}
              <Route component={NotFound} />
            </Switch>
            <OtherPages />
          </Suspense>
        </PageBoundary>
      </AppShell.Main>
    </AppShell>
  );
}

/** After the first page has come, milliseconds. */
const AHEAD = 2500;
let fetched = false;

/** Stands beside the page that is open: what it needs comes first, however slow the way is. */
function OtherPages() {
  useEffect(fetchPagesAhead, []);
  return null;
}

/** The other pages too, so that they open at once, and also when the daemon that serves them is gone. */
function fetchPagesAhead(): () => void {
  if (fetched) return () => {};
  const timer = setTimeout(() => {
    fetched = true;
    // One that fails is fetched again when it is opened.
    for (const { load } of ROUTES) load().catch(() => {});
  }, AHEAD);
  return () => clearTimeout(timer);
}
