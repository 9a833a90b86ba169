import { localStorageStore, type Store } from 'ra-core';

// What belongs to the person, whichever project is open.
const shared = ['theme', 'locale', 'RaConfigurable'];

/** react-admin's memory of filters, columns and choices, kept apart by project: ids of one mean nothing in another. */
export function storeFor(slug: string): Store {
  const base = localStorageStore('1', 'qingnang');
  const name = (key: string) => (shared.includes(key) ? key : `${slug}.${key}`);
  return {
    setup: () => base.setup(),
    teardown: () => base.teardown(),
    getItem: (key, fallback) => base.getItem(name(key), fallback),
    setItem: (key, value) => base.setItem(name(key), value),
    removeItem: (key) => base.removeItem(name(key)),
    removeItems: (prefix) => base.removeItems(name(prefix)),
    reset: () => base.removeItems(`${slug}.`),
    subscribe: (key, callback) => base.subscribe(name(key), callback),
  };
}
