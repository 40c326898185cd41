import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { netxfw } from '../../api/netxfw.ts';

/** After the last key, milliseconds. */
const TYPING = 400;

/** What the daemon says of a configuration: the same check as `netxfw system test`, and what applying it would do. */
export function useCheck(yaml: string, changed: boolean) {
  const [settled] = useDebouncedValue(yaml, TYPING);
  const query = useQuery({
    queryKey: ['config', 'check', settled],
    queryFn: () => netxfw.config.validate(settled),
    staleTime: 5000,
    enabled: changed,
  });
  const current = settled === yaml;
  return {
    checking: !current || query.isPending,
    result: current ? query.data : undefined,
    error: current ? query.error : null,
  };
}
