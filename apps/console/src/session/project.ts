// The current project is the `/p/<slug>` in front of every address after the `#`, so that a copied link opens the
// same project; the last one is remembered for addresses without it.

const STORAGE_KEY = 'qingnang.project';
const PREFIX = /^#?\/p\/([a-z0-9][a-z0-9-]*)(?=\/|\?|$)/;

/** The slug in a location hash, `null` when it names none. */
export function slugInHash(hash: string): string | null {
  return PREFIX.exec(hash)?.[1] ?? null;
}

/** The path behind the project, e.g. `/records?page=2`. */
export function pathInHash(hash: string): string {
  const path = hash.replace(PREFIX, '').replace(/^#/, '');
  return path.startsWith('/') ? path : `/${path}`;
}

export function getProjectSlug(): string | null {
  return slugInHash(window.location.hash);
}

export function subscribeProject(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function lastProjectSlug(): string | null {
  return window.localStorage.getItem(STORAGE_KEY);
}

/** Opens a path in a project; the back button returns to the one before. */
export function openProject(slug: string, path = '/', replace = false): void {
  window.localStorage.setItem(STORAGE_KEY, slug);
  const hash = `#/p/${slug}${path}`;
  if (replace) window.location.replace(hash);
  else window.location.hash = hash;
}

/** Path of an API resource inside the current project, for `api.get` and friends. */
export function projectPath(path: string): string {
  const slug = getProjectSlug();
  if (slug === null) throw new Error('No project is open.');
  return `/projects/${slug}${path.startsWith('/') ? path : `/${path}`}`;
}
