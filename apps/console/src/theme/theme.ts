import type { RaThemeOptions } from 'react-admin';
import { defaultTheme } from 'react-admin';
import { componentStyles } from './component-styles';
import { darkPalette, lightPalette } from './palette';
import type { Density } from './density';

// Chinese fonts draw ’ and “ ” as wide as a character; in English the marks come from a Latin font of the machine.
const FONTS =
  'var(--latin-marks, "Noto Sans SC"), "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** Body text is read, not scanned: 16 px at 1.75, in both densities; only the space between rows changes. */
function typography(): RaThemeOptions['typography'] {
  return {
    fontFamily: FONTS,
    body1: { fontSize: '1rem', lineHeight: 1.75 },
    body2: { fontSize: '0.9375rem', lineHeight: 1.6 },
    h1: { fontSize: '1.5rem', fontWeight: 600, lineHeight: 1.35 },
    h2: { fontSize: '1.1875rem', fontWeight: 600, lineHeight: 1.4 },
    h3: { fontSize: '1rem', fontWeight: 600, lineHeight: 1.5 },
    caption: { fontSize: '0.8125rem', lineHeight: 1.5 },
    button: { textTransform: 'none', fontWeight: 500, fontSize: '0.9375rem' },
  };
}

export function buildTheme(mode: 'light' | 'dark', density: Density): RaThemeOptions {
  const palette = mode === 'dark' ? darkPalette : lightPalette;
  return {
    ...defaultTheme,
    palette,
    shape: { borderRadius: 6 },
    spacing: 8,
    typography: typography(),
    components: { ...defaultTheme.components, ...componentStyles(palette, density) },
  };
}
