import { Alert, List, Paper, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ImportResult } from '../../../../src/model/rules.ts';
import type { TextKey } from '../../i18n/en/index.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { formatCount } from '../../parts/format.ts';
import { Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';

const FIGURES = ['added', 'replaced', 'unchanged', 'duplicates', 'invalid'] as const;
const TITLES: Record<(typeof FIGURES)[number], TextKey> = {
  added: 'import.new',
  replaced: 'import.replaced',
  unchanged: 'import.unchanged',
  duplicates: 'import.duplicates',
  invalid: 'import.invalid',
};

/** What the server would do with a list. */
export function ImportPreview({ preview }: { readonly preview: ImportResult }) {
  const t = useT();
  const said = useSaid();
  const { invalid, invalidLines, notices } = preview;
  return (
    <Stack gap="sm" data-testid="preview">
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="xs">
        {FIGURES.map((figure) => (
          <Paper key={figure} withBorder p="xs">
            <Text size="xs" className="dim">
              {t(TITLES[figure])}
            </Text>
            <Text fw={650} className={figure === 'invalid' && invalid > 0 ? 'drop' : undefined} data-figure={figure}>
              {formatCount(preview[figure])}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      {notices.length > 0 && (
        <Alert color="yellow" icon={<IconInfoCircle />} title={t('import.conflicts')}>
          <List size="sm">
            {notices.map((notice) => (
              <List.Item key={notice}>{said(notice)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {invalid > 0 && (
        <WideTable least={400} maxHeight={220} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.line')}</Table.Th>
              <Table.Th>{t('import.text')}</Table.Th>
              <Table.Th>{t('import.problem')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {invalidLines.map(({ line, text, message }) => (
              <Table.Tr key={line}>
                <Table.Td>{formatCount(line)}</Table.Td>
                <Table.Td>
                  <Mono>{text}</Mono>
                </Table.Td>
                <Table.Td>{said(message)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {invalid > invalidLines.length && (
        <Text size="sm" className="dim">
          {t('import.moreInvalid', { n: invalid, shown: invalidLines.length })}
        </Text>
      )}
    </Stack>
  );
}
