import {
  IconAdjustments,
  IconArrowsExchange,
  IconChartHistogram,
  IconGauge,
  IconHelpHexagon,
  IconListDetails,
  IconPlug,
  IconServerCog,
  IconShieldHalf,
  IconTimeline,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { TextKey } from './i18n/en/index.ts';

export interface Route {
  readonly path: string;
  readonly title: TextKey;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly page: LazyExoticComponent<ComponentType>;
}

/** Every page, in the order of the navigation; each is loaded when it is first opened. */
export const ROUTES: readonly Route[] = [
  {
    path: '/',
    title: 'nav.overview',
    icon: IconChartHistogram,
    page: lazy(() => import('./pages/overview/overview-page.tsx')),
  },
  {
    path: '/rules',
    title: 'nav.rules',
    icon: IconListDetails,
    page: lazy(() => import('./pages/rules/rules-page.tsx')),
  },
  {
    path: '/limits',
    title: 'nav.limits',
    icon: IconShieldHalf,
    page: lazy(() => import('./pages/limits/limits-page.tsx')),
  },
  {
    path: '/connections',
    title: 'nav.connections',
    icon: IconArrowsExchange,
    page: lazy(() => import('./pages/connections/connections-page.tsx')),
  },
  {
    path: '/events',
    title: 'nav.events',
    icon: IconTimeline,
    page: lazy(() => import('./pages/events/events-page.tsx')),
  },
  {
    path: '/explain',
    title: 'nav.explain',
    icon: IconHelpHexagon,
    page: lazy(() => import('./pages/explain/explain-page.tsx')),
  },
  {
    path: '/performance',
    title: 'nav.performance',
    icon: IconGauge,
    page: lazy(() => import('./pages/performance/performance-page.tsx')),
  },
  {
    path: '/configuration',
    title: 'nav.configuration',
    icon: IconAdjustments,
    page: lazy(() => import('./pages/configuration/configuration-page.tsx')),
  },
  {
    path: '/plugins',
    title: 'nav.plugins',
    icon: IconPlug,
    page: lazy(() => import('./pages/plugins/plugins-page.tsx')),
  },
  {
    path: '/system',
    title: 'nav.system',
    icon: IconServerCog,
    page: lazy(() => import('./pages/system/system-page.tsx')),
  },
];
