import { adviseXdp } from '../../dataplane/xdp-advice.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { say } from '../../model/messages.ts';
import type { InterfaceFacts } from './facts.ts';
import { note, ok, problem } from './findings.ts';

/** Drivers with native XDP, by the kernel's own sources; some of them only in later versions. */
const NATIVE = new Set(
  `virtio_net veth tun ena ixgbe ixgbevf i40e ice igb igc mlx4_en mlx5_core bnxt_en nfp qede sfc thunder_nicvf dpaa2_eth
  fsl_dpaa2_eth fsl_dpa fsl_enetc mvneta mvpp2 cpsw am65-cpsw-nuss stmmac st_gmac hv_netvsc vif xen-netfront vmxnet3
  mana gve ionic fec bond tsnep lan966x rvu_nicpf rvu_nicvf funeth mtk_soc_eth atlantic netsec`.split(/\s+/),
);

/** The largest frame that most drivers take into one page together with XDP's headroom. */
const ONE_PAGE_MTU = 3498;

export function interfaceFindings(facts: InterfaceFacts): Diagnosis[] {
  const { name, exists, up, attached } = facts;
  if (!exists) return [problem(name, say('doctor.interface'), say('doctor.interface.do'))];
  const down = up ? [] : [note(name, say('doctor.down'), `ip link set dev ${name} up`)];
  if (attached !== null && !attached.ours) return [...down, foreign(name, attached)];
  return [...down, ...nativeFindings(facts)];
}

function foreign(name: string, { name: program, id, mode }: NonNullable<InterfaceFacts['attached']>): Diagnosis {
  const message =
    program === '' ? say('doctor.foreignUnnamed', { id, mode }) : say('doctor.foreign', { program, id, mode });
  return problem(name, message, say('doctor.foreign.do', { name }));
}

function nativeFindings(facts: InterfaceFacts): Diagnosis[] {
  const { name, driver: found, attached, refusal } = facts;
  const driver = found === '' ? say('doctor.driverUnknown') : say('doctor.driver', { driver: found });
  if (attached?.mode === 'native') return [ok(name, say('doctor.native', { driver }))];
  const slower = (why: string) => (attached === null ? why : say('doctor.generic', { why }));
  const again = attached === null ? '' : ', then: netxfw system unload && netxfw system load';
  const obstacles = refusal === undefined ? knownObstacles(facts) : obstacleOf(name, refusal);
  if (obstacles.length > 0) {
    return obstacles.map(({ why, command }) =>
      note(name, say('pair', { what: driver, why: slower(why) }), command && command + again),
    );
  }
  if (refusal === null) return [ok(name, slower(say('doctor.takes', { driver })))];
  if (found !== '' && NATIVE.has(found)) return [ok(name, slower(say('doctor.knows', { driver })))];
  return [note(name, say('doctor.notNative', { driver }))];
}

interface Obstacle {
  readonly why: string;
  readonly command: string | null;
}

function obstacleOf(name: string, refusal: string | null): Obstacle[] {
  if (refusal === null) return [];
  return [{ why: say('doctor.refuses', { refusal }), command: adviseXdp(name, refusal) ?? null }];
}

/** What makes drivers refuse native mode, so far as it can be seen without asking them. */
function knownObstacles({ name, driver, mtu, offloads, channels }: InterfaceFacts): Obstacle[] {
  const found: Obstacle[] = [];
  const offload = (feature: string, text: string, short: string) => {
    if (!offloads.includes(feature)) return;
    found.push({ why: say('doctor.offload', { offload: text }), command: `ethtool -K ${name} ${short} off` });
  };
  offload('large-receive-offload', 'LRO', 'lro');
  offload('rx-gro-hw', 'GRO in hardware', 'rx-gro-hw');
  if (driver === 'ena' && channels !== null && channels.now > channels.most / 2) {
    const half = Math.max(1, Math.floor(channels.most / 2));
    const why = say('doctor.channels', { now: channels.now, most: channels.most });
    found.push({ why, command: `ethtool -L ${name} combined ${half}` });
  }
  if (mtu > ONE_PAGE_MTU && driver !== 'veth') {
    const why = say('doctor.mtu', { mtu });
    found.push({ why, command: `ip link set dev ${name} mtu ${ONE_PAGE_MTU}` });
  }
  return found;
}
