import { signal } from '@preact/signals';

type Theme = 'system' | 'light' | 'dark';

/** Light, dark, or what the system says; kept for the session. */
export const theme = signal<Theme>((sessionStorage.getItem('theme') as Theme | null) ?? 'system');

/** Chooses a theme for this session. */
export function chooseTheme(name: Theme): void {
  theme.value = name;
  sessionStorage.setItem('theme', name);
  applyTheme();
}

/** Makes the document follow the theme that was chosen. */
export function applyTheme(): void {
  if (theme.value === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme.value;
}
