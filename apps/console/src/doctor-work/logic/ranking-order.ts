/** Candidates by their letters, best first; letters in one group are equals. What is not in it has no place yet. */
export type Order = readonly (readonly string[])[];

export function isPlaced(order: Order, key: string): boolean {
  return order.some((group) => group.includes(key));
}

/** Gives the next place to one without a place, or takes the place back from one that has it. */
export function tap(order: Order, key: string): Order {
  return isPlaced(order, key) ? withoutKey(order, key) : [...order, [key]];
}

/** Puts one on a level with those placed just before it; one that is level already stands alone again, behind them. */
export function tie(order: Order, key: string): Order {
  const at = order.findIndex((group) => group.includes(key));
  if (at === -1) return order;
  if (order[at]!.length > 1) {
    const rest = order[at]!.filter((other) => other !== key);
    return [...order.slice(0, at), rest, [key], ...order.slice(at + 1)];
  }
  return at === 0 ? order : [...order.slice(0, at - 1), [...order[at - 1]!, key], ...order.slice(at + 1)];
}

/** Moves one a place up (-1) or down (1), past a whole group of equals. */
export function move(order: Order, key: string, by: -1 | 1): Order {
  const at = order.findIndex((group) => group.includes(key));
  if (at === -1) return order;
  if (order[at]!.length > 1) {
    const rest = order[at]!.filter((other) => other !== key);
    return [...order.slice(0, at), ...(by < 0 ? [[key], rest] : [rest, [key]]), ...order.slice(at + 1)];
  }
  const to = at + by;
  if (to < 0 || to >= order.length) return order;
  const copy = [...order];
  [copy[at], copy[to]] = [copy[to]!, copy[at]!];
  return copy;
}

/** 1 is best; equals share a rank and the next one is skipped. Null without a place. */
export function rankOf(order: Order, key: string): number | null {
  const at = order.findIndex((group) => group.includes(key));
  return at === -1 ? null : 1 + order.slice(0, at).flat().length;
}

/** The order that ranks say, e.g. the AI's. */
export function orderFrom(keys: readonly string[], ranks: readonly number[]): Order {
  const levels = [...new Set(ranks)].sort((a, b) => a - b);
  return levels.map((level) => keys.filter((_, i) => ranks[i] === level));
}

export function sameOrder(a: Order, b: Order): boolean {
  const told = (order: Order) => order.map((group) => [...group].sort().join()).join('>');
  return told(a) === told(b);
}

/** The cards as they lie: those with a place from best to worst, the others below in the order drawn. */
export function laidOut(order: Order, keys: readonly string[]): string[] {
  return [...order.flat(), ...keys.filter((key) => !isPlaced(order, key))];
}

/**
 * The order after a card was dragged to a place in the list. Whatever lies above it there is better, so that has a place from
 * now on, too; equals stay equal unless one was dragged away or dropped between them.
 */
export function drop(order: Order, keys: readonly string[], key: string, to: number): Order {
  const lying = laidOut(order, keys).filter((other) => other !== key);
  lying.splice(to, 0, key);
  const placed = order.flat().filter((other) => other !== key).length + 1;
  const groupOf = (of: string) => order.find((group) => group.includes(of));
  return lying.slice(0, Math.max(placed, to + 1)).reduce<string[][]>((groups, at) => {
    const last = groups.at(-1);
    const before = last?.at(-1);
    const equal = before !== undefined && before !== key && at !== key && groupOf(before)?.includes(at);
    if (equal) last!.push(at);
    else groups.push([at]);
    return groups;
  }, []);
}

function withoutKey(order: Order, key: string): Order {
  return order.map((group) => group.filter((other) => other !== key)).filter((group) => group.length > 0);
}
