/** The program's mark; its name stands beside it. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return <img src="/favicon.svg" width={size} height={size} alt="" />;
}
