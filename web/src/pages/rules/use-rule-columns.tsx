import { ActionIcon, Checkbox, Group, Tooltip } from '@mantine/core';
import { IconHelpHexagon, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Rule } from '../../../../src/model/rules.ts';
import { en, type TextKey } from '../../i18n/en/index.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { Ago, Countdown, Mono } from '../../parts/time.tsx';
import type { Column } from '../../parts/virtual-table/columns.ts';
import { isOurs, type Selection } from './use-selection.ts';

interface Options {
  readonly selection: Selection;
  readonly onEdit: (rule: Rule) => void;
}

export function useRuleColumns({ selection, onEdit }: Options): readonly Column<Rule>[] {
  const t = useT();
  return useMemo(
    () => [
      {
        id: 'select',
        title: t('rules.selectAll'),
        heading: <span className="visually-hidden">{t('rules.selectAll')}</span>,
        track: '22px',
        from: 520,
        cell: (rule) => (
          <Checkbox
            size="xs"
            aria-label={t('rules.select', { address: rule.prefix })}
            checked={isOurs(rule) && selection.has(rule.prefix)}
            onChange={() => selection.toggle(rule.prefix)}
            disabled={!isOurs(rule)}
          />
        ),
      },
      {
        id: 'prefix',
        title: t('field.address'),
        track: 'minmax(150px, 1.3fr)',
        sortable: true,
        cell: ({ prefix }) => <Mono>{prefix}</Mono>,
      },
      {
        id: 'reason',
        title: t('field.reason'),
        track: 'minmax(70px, 2fr)',
        sortable: true,
        cell: ({ reason }) => <span title={reason}>{reason}</span>,
      },
      {
        id: 'source',
        title: t('field.source'),
        track: '120px',
        from: 860,
        cell: ({ source }) => sourceText(t, source),
      },
      {
        id: 'created',
        title: t('field.created'),
        track: '120px',
        from: 720,
        sortable: true,
        cell: ({ createdAt }) => <Ago since={createdAt} />,
      },
      {
        id: 'expires',
        title: t('field.expires'),
        track: '120px',
        from: 600,
        sortable: true,
        cell: ({ expiresAt }) => <Countdown until={expiresAt} />,
      },
      {
        id: 'actions',
        title: t('field.actions'),
        heading: <span className="visually-hidden">{t('field.actions')}</span>,
        track: '90px',
        numeric: true,
        cell: (rule) => <RuleActions rule={rule} onEdit={onEdit} onRemove={() => selection.remove(rule.prefix)} />,
      },
    ],
    [t, selection, onEdit],
  );
}

interface ActionsProps {
  readonly rule: Rule;
  readonly onEdit: (rule: Rule) => void;
  readonly onRemove: () => void;
}

function RuleActions({ rule, onEdit, onRemove }: ActionsProps) {
  const t = useT();
  const address = rule.prefix;
  const explain = t('rules.explain', { address });
  const label = (key: TextKey) => (isOurs(rule) ? t(key, { address }) : t('rules.fromConfig'));
  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      <Tooltip label={explain}>
        <ActionIcon
          component={Link}
          href={`/explain?source=${encodeURIComponent(address.split('/')[0]!)}`}
          variant="subtle"
          color="gray"
          aria-label={explain}
        >
          <IconHelpHexagon size={16} />
        </ActionIcon>
      </Tooltip>
      <ChangeIcon label={label('rules.editReason')} disabled={!isOurs(rule)} onClick={() => onEdit(rule)}>
        <IconPencil size={16} />
      </ChangeIcon>
      <ChangeIcon label={label('rules.removeOne')} disabled={!isOurs(rule)} onClick={onRemove}>
        <IconTrash size={16} />
      </ChangeIcon>
    </Group>
  );
}

export function sourceText(t: Translate, source: string): string {
  const key = `source.${source}`;
  return key in en ? t(key as TextKey) : source;
}
