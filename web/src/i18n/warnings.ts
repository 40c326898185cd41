import type { Language } from './i18n.ts';

/** The daemon warns in English; these are its usual warnings in Chinese. Any other is shown as it is. */
const CHINESE: readonly (readonly [RegExp, string])[] = [
  [/^the filter is not attached, all packets pass: run `(.+)`$/, '过滤器未挂载，所有数据包都放行：请运行 `$1`'],
  [/^monitor mode: .*$/, '监视模式：不丢弃任何数据包；请在 config.yaml 中设置 mode: enforce，然后运行 `netxfw reload`'],
  [/^(\S+) is set, but .*$/, '已设置 $1，但此版本不支持该键，它不起作用'],
  [
    /^the filter is not attached to (\S+): check `(.+)`, then run `(.+)`$/,
    '过滤器没有挂载到 $1：请检查 `$2`，然后运行 `$3`',
  ],
  [/^(\S+) runs in generic mode, which is slower than native: (.*)$/, '$1 以 generic 模式运行，比 native 慢：$2'],
  [/^(\S+) runs in generic mode, which is slower than native$/, '$1 以 generic 模式运行，比 native 慢'],
  [
    /^(\S+) is (\d+) % full \((\d+) of (\d+)\): raise (\S+) in config\.yaml and run `(.+)`$/,
    '$1 已用 $2%（$3 / $4）：请在 config.yaml 中调大 $5，然后运行 `$6`',
  ],
];

export function warningText(warning: string, language: Language): string {
  if (language === 'en') return warning;
  const known = CHINESE.find(([pattern]) => pattern.test(warning));
  return known === undefined ? warning : warning.replace(known[0], known[1]);
}
