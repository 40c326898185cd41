import { Table, type TableProps } from '@mantine/core';
import classes from './wide-table.module.css';

interface Props extends TableProps {
  /** Below this width it scrolls, CSS pixels. */
  readonly least: number;
  readonly maxHeight?: number;
}

/** A table that scrolls sideways where the screen is narrower, by keyboard too. */
export function WideTable({ least, maxHeight, children, ...rest }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard
    <div className={classes.scroller} tabIndex={0} style={{ maxHeight }}>
      <Table {...rest} miw={least}>
        {children}
      </Table>
    </div>
  );
}
