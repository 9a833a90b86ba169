import { useEffect } from 'react';

interface Keys {
  onSubmit: () => void;
  onSkip: () => void;
  /** A letter or sign outside of text fields. */
  onLetter?: (key: string) => void;
  enabled: boolean;
}

/** Keys of a sitting: Ctrl or ⌘ with Enter hands in, Alt+S skips. Nothing fires while an input method composes. */
export function useSittingKeys({ onSubmit, onSkip, onLetter, enabled }: Keys): void {
  useEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.repeat) return;
      const handled = () => event.preventDefault();
      if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
        handled();
        onSubmit();
        // AltGr reports Ctrl and Alt together: that is somebody typing a letter.
      } else if (event.altKey && !event.ctrlKey && event.code === 'KeyS') {
        handled();
        onSkip();
      } else if (onLetter && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
        onLetter(event.key);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onSubmit, onSkip, onLetter, enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
