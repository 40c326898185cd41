import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useT } from '../i18n/i18n.ts';
import { formatDate, formatSpan } from './format.ts';

const SECOND = 1000;

/** Unix milliseconds, anew each second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long until a time; counts down. */
export function Countdown({ until }: { readonly until: string | null }) {
  const t = useT();
  const now = useNow();
  if (until === null) return <>{t('time.never')}</>;
  const seconds = (Date.parse(until) - now) / SECOND;
  return (
    <time dateTime={until} title={formatDate(until)}>
      {seconds <= 0 ? t('time.now') : t('time.in', { time: formatSpan(Math.ceil(seconds)) })}
    </time>
  );
}

/** How long ago; the exact time is its title. */
export function Ago({ since }: { readonly since: string }) {
  const t = useT();
  const now = useNow();
  const seconds = Math.max(0, (now - Date.parse(since)) / SECOND);
  return (
    <time dateTime={since} title={formatDate(since)}>
      {seconds < 1 ? t('time.now') : t('time.ago', { time: formatSpan(seconds) })}
    </time>
  );
}

/** An address, port or flow as it would be typed. */
export function Mono({ children }: { readonly children: React.ReactNode }) {
  return (
    <Text component="span" ff="monospace" size="sm" className="mono">
      {children}
    </Text>
  );
}
