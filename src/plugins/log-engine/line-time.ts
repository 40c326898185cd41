const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const ISO = /(?:^|[\s"[])(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)/;
const SYSLOG = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)/;
/** nginx, Apache: [25/Nov/2026:02:21:34 +0000] */
const ACCESS = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
/** nginx's error log: 2026/11/25 02:21:34 */
const SLASHES = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)/;

/** When a line says that it was written, Unix milliseconds; undefined when it does not say so in a way that is known. */
export function timeOfLine(line: string, now: number): number | undefined {
  const time = parse(line, now);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

function parse(line: string, now: number): number | undefined {
  const iso = ISO.exec(line);
  if (iso !== null) return Date.parse(iso[1]!.replace(' ', 'T').replace(',', '.'));
  const syslog = SYSLOG.exec(line);
  if (syslog !== null && MONTHS.includes(syslog[1]!)) return ofSyslog(syslog, now);
  const access = ACCESS.exec(line);
  if (access !== null) {
    const [, day, month, year, clock, zone] = access;
    return Date.parse(`${year}-${twoDigits(MONTHS.indexOf(month!) + 1)}-${day}T${clock}${zone}`);
  }
  const slashes = SLASHES.exec(line);
  if (slashes !== null) return Date.parse(`${slashes[1]}-${slashes[2]}-${slashes[3]}T${slashes[4]}`);
  return undefined;
}

/** Syslog leaves out the year: the last such day that is not in the future. */
function ofSyslog([, month, day, hours, minutes, seconds]: RegExpExecArray, now: number): number {
  const at = (year: number) =>
    new Date(year, MONTHS.indexOf(month!), Number(day), Number(hours), Number(minutes), Number(seconds)).getTime();
  const year = new Date(now).getFullYear();
  return at(year) > now + 86_400_000 ? at(year - 1) : at(year);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
