import type { Components, PaletteOptions, Theme } from '@mui/material/styles';
import type { Density } from './density';

function baseline(palette: PaletteOptions): Components<Theme>['MuiCssBaseline'] {
  return {
    styleOverrides: {
      '@font-face': {
        fontFamily: 'Latin marks',
        src: "local('Helvetica Neue'), local('Segoe UI'), local('Liberation Sans'), local('Arial'), local('DejaVu Sans')",
        unicodeRange: 'U+2018-2019, U+201C-201D, U+2026',
      },
      ':root:lang(en)': { '--latin-marks': '"Latin marks"' },
      // A thin space between Chinese and Latin is drawn, never typed: the text itself stays as written.
      body: { fontVariantNumeric: 'tabular-nums', textAutospace: 'normal', fontSize: '1rem', lineHeight: 1.75 },
      ':focus-visible': { outline: `2px solid ${(palette.primary as { main: string }).main}`, outlineOffset: 2 },
      '@media (prefers-reduced-motion: reduce)': {
        '*, *::before, *::after': { animation: 'none !important', transition: 'none !important' },
      },
    },
  };
}

/** Buttons draw no outline of their own, only a pulse that is hard to see and not there where motion is reduced. */
function focusRings(palette: PaletteOptions): Components<Theme> {
  const outline = `2px solid ${(palette.primary as { main: string }).main}`;
  // In scrolling lists an outline outside would be cut off.
  const inside = { styleOverrides: { root: { '&.Mui-focusVisible': { outlineOffset: -2 } } } };
  return {
    MuiButtonBase: { styleOverrides: { root: { '&.Mui-focusVisible': { outline, outlineOffset: 2 } } } },
    MuiListItemButton: inside,
    MuiMenuItem: inside,
  };
}

/** Hairlines instead of shadows, words instead of capitals. */
export function componentStyles(palette: PaletteOptions, density: Density): Components<Theme> {
  const compact = density === 'compact';
  return {
    MuiCssBaseline: baseline(palette),
    ...focusRings(palette),
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiCard: { defaultProps: { variant: 'outlined' } },
    MuiAppBar: { defaultProps: { elevation: 0, color: 'inherit' } },
    MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { minHeight: compact ? 32 : 40 } } },
    MuiTextField: { defaultProps: { variant: 'outlined', margin: 'dense', size: 'small' } },
    MuiFormControl: { defaultProps: { variant: 'outlined', margin: 'dense', size: 'small' } },
    MuiFormHelperText: { styleOverrides: { root: { marginBottom: 4 } } },
    MuiTableCell: {
      styleOverrides: {
        root: { borderColor: palette.divider, padding: compact ? '4px 12px' : '10px 16px' },
        head: { fontWeight: 600, color: palette.text?.secondary },
      },
    },
    RaToolbar: {
      styleOverrides: {
        root: {
          backgroundColor: 'transparent',
          borderTop: `1px solid ${palette.divider}`,
          // At the end of the form on a phone, too: fixed to the screen it covers what is being filled in.
          '&.RaToolbar-mobileToolbar': { position: 'static' },
        },
      },
    },
    MuiAlert: {
      styleOverrides: { root: { color: palette.text?.primary }, outlined: { borderColor: palette.divider } },
    },
    MuiTooltip: { defaultProps: { enterDelay: 300 }, styleOverrides: { tooltip: { fontSize: '0.8125rem' } } },
    MuiChip: { styleOverrides: { root: { borderRadius: 6 } } },
    MuiMenu: { defaultProps: { slotProps: { paper: { variant: 'outlined' } } } },
    MuiDialog: { defaultProps: { slotProps: { paper: { variant: 'outlined' } } } },
    MuiLink: { defaultProps: { underline: 'hover' } },
  };
}
