import { NavLink } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useT } from '../i18n/i18n.ts';
import { ROUTES } from '../routes.ts';

export function Navigation({ onChoose }: { readonly onChoose: () => void }) {
  const t = useT();
  const [location] = useLocation();
  return ROUTES.map(({ path, title, icon: Icon }) => {
    const here = location === path;
    return (
      <NavLink
        key={path}
        component={Link}
        href={path}
        label={t(title)}
        leftSection={<Icon size={18} stroke={1.7} />}
        active={here}
        aria-current={here ? 'page' : undefined}
        onClick={onChoose}
        variant="light"
        className="nav-link"
      />
    );
  });
}
