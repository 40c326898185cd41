import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Contrast of the shades used for text is at least 4.5 : 1 on the backgrounds of both schemes. */
const sea: MantineColorsTuple = [
  '#e6f7fb',
  '#d2ecf3',
  '#a4d8e6',
  '#72c3d9',
  '#4ab1ce',
  '#2f9fbf',
  '#17819f',
  '#0d6f8b',
  '#0a5d75',
  '#06475b',
];

const DIALOG_TITLE = { fontWeight: 650, fontSize: '1.0625rem' };

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 7, dark: 7 },
  colors: { sea },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "JetBrains Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.0625rem' } } },
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250 } },
    // In its own colour a title has too little contrast on its own tint.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    // The heading of a dialog is no second banner of the page.
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } }, styles: { title: DIALOG_TITLE } },
    Modal: {
      defaultProps: {
        attributes: { header: { role: 'presentation' } },
        centered: true,
        overlayProps: { backgroundOpacity: 0.5, blur: 2 },
      },
      styles: { title: DIALOG_TITLE },
    },
  },
});
