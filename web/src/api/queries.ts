import { useQuery } from '@tanstack/react-query';
import { netxfw } from './netxfw.ts';

/** How often what changes by itself is read, milliseconds. */
const LIVE = 2000;
const SLOW = 10_000;

export const useStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: () => netxfw.system.status(), refetchInterval: LIVE });

export const useTop = () => useQuery({ queryKey: ['top'], queryFn: () => netxfw.events.top(), refetchInterval: LIVE });

export const usePending = () =>
  useQuery({ queryKey: ['pending'], queryFn: () => netxfw.config.pending(), refetchInterval: LIVE });

export const useConfig = () => useQuery({ queryKey: ['config'], queryFn: () => netxfw.config.get() });

export const useRuleCounts = () =>
  useQuery({ queryKey: ['rules', 'counts'], queryFn: () => netxfw.rules.counts(), refetchInterval: LIVE });

export const useDynamic = () =>
  useQuery({ queryKey: ['dynamic'], queryFn: () => netxfw.dynamic.list(), refetchInterval: LIVE });

export const useIpPortRules = () =>
  useQuery({ queryKey: ['ip-port-rules'], queryFn: () => netxfw.ports.listRules(), refetchInterval: SLOW });

export const useLimits = () =>
  useQuery({ queryKey: ['limits'], queryFn: () => netxfw.limits.list(), refetchInterval: LIVE });

export const usePorts = () =>
  useQuery({ queryKey: ['ports'], queryFn: () => netxfw.ports.list(), refetchInterval: SLOW });

export const usePortSuggestions = () =>
  useQuery({ queryKey: ['ports', 'suggest'], queryFn: () => netxfw.ports.suggest(), refetchInterval: SLOW });

export const usePlugins = () =>
  useQuery({ queryKey: ['plugins'], queryFn: () => netxfw.plugins.list(), refetchInterval: SLOW });

export const useExtensions = () =>
  useQuery({ queryKey: ['extensions'], queryFn: () => netxfw.extensions.list(), refetchInterval: SLOW });

export const usePerf = () => useQuery({ queryKey: ['perf'], queryFn: () => netxfw.perf.get(), refetchInterval: LIVE });

export const useHealth = () =>
  useQuery({ queryKey: ['health'], queryFn: () => netxfw.health.check(), refetchInterval: SLOW });

export const useFlowCounts = () =>
  useQuery({ queryKey: ['flows', 'counts'], queryFn: () => netxfw.conns.counts(), refetchInterval: LIVE });

export const useTokens = (enabled: boolean) =>
  useQuery({ queryKey: ['tokens'], queryFn: () => netxfw.tokens.list(), enabled, refetchInterval: SLOW });

/** The host changes seldom, and looking at it is work. */
const RARELY = 60_000;

export const useDoctor = () =>
  useQuery({
    queryKey: ['doctor'],
    queryFn: () => netxfw.system.doctor(),
    refetchInterval: RARELY,
    staleTime: RARELY / 2,
  });
