import { Badge, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconTrash } from '@tabler/icons-react';
import type { TokenInfo } from '../../../../src/model/tokens.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useTokens } from '../../api/queries.ts';
import { useSession } from '../../api/session.tsx';
import { useT } from '../../i18n/i18n.ts';
import { AddButton } from '../../parts/add-button.tsx';
import { ask } from '../../parts/ask.tsx';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Ago } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { NewToken } from './new-token.tsx';

/** Who may get in; nothing for those who may only look. */
export function Tokens() {
  const t = useT();
  const { role } = useSession();
  const query = useTokens(role === 'admin');
  const [adding, add] = useDisclosure();
  return (
    <Panel
      title={t('system.tokens')}
      aside={
        <AddButton size="xs" onClick={add.open}>
          {t('system.tokenAdd')}
        </AddButton>
      }
    >
      <Text size="sm" className="dim" mb="xs">
        {t('system.tokensText')}
      </Text>
      {role === 'admin' ? (
        <Loaded query={query}>{(tokens) => <TokenTable tokens={tokens} />}</Loaded>
      ) : (
        <EmptyState icon={<IconKey />} title={t('system.tokensAdmin')} />
      )}
      <NewToken opened={adding} onClose={add.close} />
    </Panel>
  );
}

function TokenTable({ tokens }: { readonly tokens: readonly TokenInfo[] }) {
  const t = useT();
  if (tokens.length === 0) return <EmptyState icon={<IconKey />} title={t('system.noTokens')} />;
  return (
    <WideTable least={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('system.tokenName')}</Table.Th>
          <Table.Th>{t('system.tokenRole')}</Table.Th>
          <Table.Th>{t('system.tokenCreated')}</Table.Th>
          <Table.Th w={50}>
            <span className="visually-hidden">{t('field.actions')}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <TokenRow key={token.name} token={token} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function TokenRow({ token: { name, role, createdAt } }: { readonly token: TokenInfo }) {
  const t = useT();
  const { make, busy } = useChanges();
  const own = useSession().name === name;
  const remove = async () => {
    const title = t('system.tokenRemoveTitle', { name });
    const text = t('system.tokenRemoveText');
    if (!(await ask({ title, text, action: t('action.remove'), dangerous: true }))) return;
    await make(async () => {
      await netxfw.tokens.remove(name);
      tell(t('system.tokenRemoved', { name }));
    });
  };
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        {own && (
          <Badge ml="xs" variant="light" tt="none" c="var(--mantine-color-text)">
            {t('system.tokenYours')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>{t(`system.role.${role}`)}</Table.Td>
      <Table.Td>
        <Ago since={createdAt} />
      </Table.Td>
      <Table.Td>
        <ChangeIcon label={t('system.tokenRemove', { name })} disabled={busy} onClick={remove}>
          <IconTrash size={16} />
        </ChangeIcon>
      </Table.Td>
    </Table.Tr>
  );
}
