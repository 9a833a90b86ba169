import { useCallback, useRef } from 'react';
import { useTranslate } from 'react-admin';

/** Copies the h1, into which pages put their titles, to the browser's tab and history. */
export function usePageTitle(): (heading: HTMLElement | null) => void {
  const translate = useTranslate();
  const observer = useRef<MutationObserver | null>(null);
  const name = translate('app.name');
  return useCallback(
    (heading) => {
      observer.current?.disconnect();
      if (!heading) return;
      const copy = () => {
        const title = heading.textContent?.trim();
        document.title = title ? `${title} · ${name}` : name;
      };
      observer.current = new MutationObserver(copy);
      observer.current.observe(heading, { childList: true, subtree: true, characterData: true });
      copy();
    },
    [name],
  );
}
