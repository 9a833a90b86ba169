import type { PaletteOptions } from '@mui/material/styles';

// Celadon on warm greys. Every text colour here reaches 4.5 : 1 on the background and paper of its own mode.
export const lightPalette: PaletteOptions = {
  mode: 'light',
  primary: { main: '#1f7a6b', dark: '#155a4f', light: '#ebf6f3', contrastText: '#ffffff' },
  secondary: { main: '#5a5750', contrastText: '#ffffff' },
  error: { main: '#b3261e', light: '#fbeae8', contrastText: '#ffffff' },
  warning: { main: '#855500', light: '#fdf1d8', contrastText: '#ffffff' },
  info: { main: '#47586b', light: '#e9edf1', contrastText: '#ffffff' },
  success: { main: '#1f7a6b', light: '#ebf6f3', contrastText: '#ffffff' },
  text: { primary: '#24231f', secondary: '#5f5c54', disabled: '#77736a' },
  background: { default: '#f7f6f2', paper: '#ffffff' },
  divider: '#e2dfd7',
  action: { hover: 'rgba(36, 35, 31, 0.05)', selected: 'rgba(31, 122, 107, 0.10)' },
};

export const darkPalette: PaletteOptions = {
  mode: 'dark',
  primary: { main: '#6fc7b4', dark: '#93d8c9', light: '#24403a', contrastText: '#10211d' },
  secondary: { main: '#bdb9af', contrastText: '#1b1a18' },
  error: { main: '#f2a097', light: '#47241f', contrastText: '#2a0f0c' },
  warning: { main: '#e6b966', light: '#40341c', contrastText: '#2a1f08' },
  info: { main: '#a9bacb', light: '#2b3239', contrastText: '#131a21' },
  success: { main: '#6fc7b4', light: '#24403a', contrastText: '#10211d' },
  text: { primary: '#eceae4', secondary: '#b8b4aa', disabled: '#928e85' },
  background: { default: '#1b1a18', paper: '#242320' },
  divider: '#3b3935',
  action: { hover: 'rgba(236, 234, 228, 0.06)', selected: 'rgba(111, 199, 180, 0.14)' },
};
