/**
 * An SQL expression for the id of the `row`-th of many items written in one statement: a UUID version 7 whose order is the
 * rows' order (12 bits of counter, then the next millisecond), so that items are worked off as they were chosen.
 */
export function itemIdSql(row: string): string {
  const millisecond = `(extract(epoch from now()) * 1000)::bigint + (${row}) / 4096`;
  return `(lpad(to_hex(${millisecond}), 12, '0') || '7' || lpad(to_hex((${row}) % 4096), 3, '0') || '8'
    || substr(md5(gen_random_uuid()::text), 1, 15))::uuid`;
}
