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

type Load = () => Promise<{ readonly default: ComponentType }>;

export interface Route {
  readonly path: string;
  readonly title: TextKey;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly page: LazyExoticComponent<ComponentType>;
  /** Fetches the page before it is opened. */
  readonly load: Load;
}

const PAGES: readonly Omit<Route, 'page'>[] = [
  {
    path: '/',
    title: 'nav.overview',
    icon: IconChartHistogram,
    load: () => import('./pages/overview/overview-page.tsx'),
  },
  {
    path: '/rules',
    title: 'nav.rules',
    icon: IconListDetails,
    load: () => import('./pages/rules/rules-page.tsx'),
  },
  {
    path: '/limits',
    title: 'nav.limits',
    icon: IconShieldHalf,
    load: () => import('./pages/limits/limits-page.tsx'),
  },
  {
    path: '/connections',
    title: 'nav.connections',
    icon: IconArrowsExchange,
    load: () => import('./pages/connections/connections-page.tsx'),
  },
  {
    path: '/events',
    title: 'nav.events',
    icon: IconTimeline,
    load: () => import('./pages/events/events-page.tsx'),
  },
  {
    path: '/explain',
    title: 'nav.explain',
    icon: IconHelpHexagon,
    load: () => import('./pages/explain/explain-page.tsx'),
  },
  {
    path: '/performance',
    title: 'nav.performance',
    icon: IconGauge,
    load: () => import('./pages/performance/performance-page.tsx'),
  },
  {
    path: '/configuration',
    title: 'nav.configuration',
    icon: IconAdjustments,
    load: () => import('./pages/configuration/configuration-page.tsx'),
  },
  {
    path: '/plugins',
    title: 'nav.plugins',
    icon: IconPlug,
    load: () => import('./pages/plugins/plugins-page.tsx'),
  },
  {
    path: '/system',
    title: 'nav.system',
    icon: IconServerCog,
    load: () => import('./pages/system/system-page.tsx'),
  },
];

/** Every page, in the order of the navigation; each is loaded when it is first opened. */
export const ROUTES: readonly Route[] = PAGES.map((page) => ({ ...page, page: lazy(page.load) }));
