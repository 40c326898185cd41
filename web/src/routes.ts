import { IconChartHistogram, IconListDetails } from '@tabler/icons-react';
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
];
