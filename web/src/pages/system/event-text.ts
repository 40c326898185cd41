import type { EngineEvent } from '../../../../src/model/events.ts';
import { said, type Translate } from '../../i18n/i18n.ts';

/** A change in words. */
export function eventText(t: Translate, event: EngineEvent): string {
  const by = 'origin' in event ? ` (${t('event.by', { origin: event.origin })})` : '';
  return whatHappened(t, event) + by;
}

function whatHappened(t: Translate, event: EngineEvent): string {
  switch (event.type) {
    case 'rules':
      return t('event.rules', { list: t(`list.${event.list}`), added: event.added, removed: event.removed });
    case 'expired':
      return t('event.expired', { list: t(`list.${event.list}`), count: event.count });
    case 'dynamic':
      return t(`event.dynamic.${event.action}`, { prefix: event.prefix ?? '' });
    case 'limits':
    case 'ports':
    case 'ip-port-rules':
      return t(`event.${event.type}`, { added: event.added, removed: event.removed });
    case 'reload':
      if (event.kind === 'failed' || event.kind === 'rolled-back') {
        return t(`event.reload.${event.kind}`, { message: event.message });
      }
      return t('event.reload', { kind: event.kind, changes: event.changes.join(', ') });
    case 'plugin':
      return t('event.plugin', { name: event.name, slot: event.slot, action: event.action });
    case 'health':
      return t('event.health', { message: said(event.message) });
  }
}
